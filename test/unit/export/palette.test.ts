import { expect, test } from 'vitest';
import { labelColours, vocColour } from '../../../src/export/palette.ts';
import { splitOf } from '../../../src/export/split.ts';
import { labelBackgrounds } from '../../../src/label-studio/label-config/label-backgrounds.ts';

test("Pascal VOC's colours, as its development kit lists them", () => {
  // VOC2012: background, aeroplane, bicycle, bird, boat, bottle, … tvmonitor, void
  expect([0, 1, 2, 3, 4, 5, 20, 255].map(vocColour)).toEqual([
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
    [128, 128, 0],
    [0, 0, 128],
    [128, 0, 128],
    [0, 64, 128],
    [224, 224, 192],
  ]);
});

test('labels keep their colours; two of one colour do not stay so', () => {
  const red = [255, 0, 0] as const;
  expect(labelColours([undefined, red, red, [128, 0, 0], undefined])).toEqual([
    [0, 0, 0],
    red,
    [0, 128, 0],
    [128, 0, 0],
    [128, 128, 0],
  ]);
});

test('colours of a label config in every notation', () => {
  const labels = ['#f80', '#FFA39E', '#10203040', 'rgb(1, 2, 3)', 'rgba(4,5,6,0.5)', 'tomato', ''];
  const xml = `<View>${labels.map((colour, i) => `<Label value="l${i}" background="${colour}"/>`).join('')}<Label value="l0" background="#000"/></View>`;
  expect([...labelBackgrounds(xml)]).toEqual([
    ['l0', [255, 136, 0]],
    ['l1', [255, 163, 158]],
    ['l2', [16, 32, 48]],
    ['l3', [1, 2, 3]],
    ['l4', [4, 5, 6]],
  ]);
});

test('a split is decided by the key alone and near its share', () => {
  const keys = Array.from({ length: 4000 }, (_, seed) => String(1_000_000 + seed));
  const share = keys.filter((key) => splitOf(key, 0.1) === 'val').length / keys.length;
  expect(share).toBeGreaterThan(0.08);
  expect(share).toBeLessThan(0.12);
  // sha256('1000000') begins with 6cce36d9: 0.42502 of 2^32
  expect([splitOf('1000000', 0.425), splitOf('1000000', 0.4251)]).toEqual(['train', 'val']);
  expect(keys.every((key) => splitOf(key, 0) === 'train')).toBe(true);
});
