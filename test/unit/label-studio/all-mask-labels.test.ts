import { expect, test } from 'vitest';
import { allMaskLabels, maskControls } from '../../../src/label-studio/label-config/all-mask-labels.ts';

const config = (controls: string) =>
  `<View><Image name="image" value="$image"/><Image name="other" value="$b"/>${controls}</View>`;
const control = (tag: string, labels: string, to = 'image') =>
  `<${tag} name="${tag}" toName="${to}">${labels
    .split(' ')
    .map((label) => `<Label value="${label}"/>`)
    .join('')}</${tag}>`;

test('labels of all mask controls on the image, each once, in the order of the controls', () => {
  const xml = config(
    control('PolygonLabels', 'car tree') +
      control('BitmaskLabels', 'tree sky background') +
      control('BrushLabels', 'hair car') +
      control('RectangleLabels', 'box') +
      control('KeyPointLabels', 'point'),
  );
  const all = allMaskLabels(xml);
  expect(all).toMatchObject({ imageName: 'image', controlType: 'brushlabels', sparse: true });
  expect(all.labels).toEqual(['background', 'hair', 'car', 'tree', 'sky']);
  expect(Object.fromEntries(all.labelTexts)).toEqual({ background: 0, hair: 1, car: 2, tree: 3, sky: 4 });
  expect(maskControls(xml).map(({ controlType }) => controlType)).toEqual(['brushlabels', 'polygonlabels', 'bitmasklabels']);
});

test('a control of another image is left out; one control alone is as it is', () => {
  const xml = config(control('BrushLabels', 'hair') + control('PolygonLabels', 'car', 'other'));
  expect(allMaskLabels(xml).labels).toEqual(['Background', 'hair']);
  expect(() => allMaskLabels(config(control('RectangleLabels', 'box')))).toThrow('BrushLabels');
});

test('more labels than an 8-bit mask has room for are refused', () => {
  const many = (prefix: string) => Array.from({ length: 150 }, (_, i) => `${prefix}${i}`).join(' ');
  expect(() => allMaskLabels(config(control('BrushLabels', many('a')) + control('PolygonLabels', many('b'))))).toThrow(
    'The label config has 300 labels; an 8-bit mask has room for 254.',
  );
});
