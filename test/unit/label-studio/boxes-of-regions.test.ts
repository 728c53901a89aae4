import { describe, expect, it } from 'vitest';
import { masklessControls } from '../../../src/label-studio/label-config/maskless-controls.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { boxesOfRegions, insideBoxes } from '../../../src/label-studio/regions/boxes-of-regions.ts';
import { labelMapOfRegions } from '../../../src/label-studio/regions/label-map-of-regions.ts';

const configText = (more = '', labels = '<Label value="Hair"/><Label value="Auge" alias="eye"/>') =>
  `<View><Image name="image" value="$image"/>
   <BrushLabels name="parts" toName="image"><Label value="Background"/><Label value="Hair"/><Label value="Auge" alias="eye"/></BrushLabels>
   <RectangleLabels name="boxes" toName="image"${more}>${labels}</RectangleLabels></View>`;
const config = parseLabelConfig(configText());
const [WIDTH, HEIGHT] = [10, 5];

const box = (value: object, more: object = {}) => ({
  id: 'b',
  type: 'rectanglelabels',
  from_name: 'boxes',
  to_name: 'image',
  original_width: WIDTH,
  original_height: HEIGHT,
  value: { x: 20, y: 20, width: 30, height: 40, rotation: 0, rectanglelabels: ['Hair'], ...value },
  ...more,
});
const read = (...result: unknown[]) => boxesOfRegions(result, config, WIDTH, HEIGHT);

describe('RectangleLabels', () => {
  it('beside masks with the same labels are weak masks', () => {
    expect(config.boxControls).toEqual(['boxes']);
    expect(masklessControls(configText())).toEqual([]);
  });

  it('hold prompts of smart tools where they say so, and teach nothing with other labels', () => {
    for (const more of [' smartOnly="true"', ' smart="true"', ' smart="true" smartOnly="true"'])
      expect(parseLabelConfig(configText(more)).boxControls).toEqual([]);
    const other = configText('', '<Label value="Dog"/>');
    expect(parseLabelConfig(other).boxControls).toEqual([]);
    expect(masklessControls(other)).toEqual(["RectangleLabels 'boxes' has no effect on training: its regions are not masks"]);
  });
});

describe('boxesOfRegions', () => {
  it('reads boxes in pixels, sorted, each once, by value or alias', () => {
    const eye = { x: 0, y: 0, width: 15, height: 15, rectanglelabels: ['Auge'] };
    const expected = [
      { label: 1, left: 2, top: 1, right: 5, bottom: 3 },
      { label: 2, left: 0, top: 0, right: 2, bottom: 1 },
    ];
    for (const result of [
      [box({}), box(eye)],
      [box({ ...eye, rectanglelabels: ['eye'] }), box({}), box({})],
    ])
      expect(read(...result)).toEqual({ boxes: expected, lost: false, notes: [] });
  });

  it('cuts a box at the edge of the picture, and takes the upright box around a turned one', () => {
    expect(read(box({ x: 80, width: 90 })).boxes).toEqual([{ label: 1, left: 8, top: 1, right: 10, bottom: 3 }]);
    const [turned] = read(box({ x: 50, y: 0, width: 20, height: 40, rotation: 90 })).boxes;
    expect(turned).toMatchObject({ left: 3, right: 5, top: 0, bottom: 2 });
  });

  it('ignores what is none of its boxes', () => {
    const prompt = box({}, { from_name: 'prompts' });
    expect(read(prompt, null, { type: 'choices', from_name: 'boxes' }, box({}, { to_name: 'other' })).boxes).toHaveLength(1);
    expect(boxesOfRegions(null, config, WIDTH, HEIGHT).boxes).toEqual([]);
    expect(() => boxesOfRegions('boxes', config, WIDTH, HEIGHT)).toThrow(/not a list/);
  });

  it('says which box is lost: it may have been anywhere', () => {
    expect(read(box({ width: 'wide' }))).toEqual({
      boxes: [],
      lost: true,
      notes: ['region b is ignored: The region b has no size.'],
    });
    expect(read(box({}, { original_width: 999 }))).toMatchObject({ boxes: [], lost: true });
    expect(read(box({ rectanglelabels: ['Background'] })).notes).toEqual([
      "region b is ignored: the label 'Background' does not name a part",
    ]);
    expect(read(box({ rectanglelabels: [] })).notes).toEqual(['region b is ignored: it has no label']);
    expect(read(box({ width: 0 }))).toEqual({ boxes: [], lost: false, notes: ['region b is ignored: a box without any pixel'] });
  });

  it('is no mask, and not reported as something unknown', async () => {
    const { map, notes } = await labelMapOfRegions([box({})], config, WIDTH, HEIGHT);
    expect(notes).toEqual([]);
    expect(new Set(map.data)).toEqual(new Set([255]));
  });
});

it('knows the pixels in boxes', () => {
  const inside = insideBoxes(read(box({})).boxes, WIDTH, HEIGHT);
  expect([...inside.keys()].filter((pixel) => inside[pixel] === 1)).toEqual([12, 13, 14, 22, 23, 24]);
});
