import { encode } from '@thi.ng/rle-pack';
import { describe, expect, it } from 'vitest';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { readPrompt } from '../../../src/label-studio/prompts/prompt.ts';
import { drawn, rgbaOf } from '../masks/shapes.ts';

const config = parseLabelConfig(`<View><Image name="image" value="$image"/>
  <BrushLabels name="parts" toName="image"><Label value="Hair"/><Label value="Eye" alias="eye"/></BrushLabels>
  <KeyPointLabels name="clicks" toName="image" smartOnly="true"><Label value="Hair"/><Label value="Eye" alias="eye"/></KeyPointLabels>
  <KeyPointLabels name="points" toName="image"><Label value="Nose tip"/></KeyPointLabels></View>`);
const [WIDTH, HEIGHT] = [8, 4];
const drawnOn = { to_name: 'image', origin: 'manual', original_width: WIDTH, original_height: HEIGHT, image_rotation: 0 };

/** As the editor of 1.23.2 sends it. */
const click = (x: number, y: number, label = 'Hair', more: object = {}) => ({
  id: `c${x}`,
  type: 'keypointlabels',
  from_name: 'clicks',
  ...drawnOn,
  is_positive: true,
  value: { x, y, width: 0.4, keypointlabels: [label], labels: [label] },
  ...more,
});
const box = (value: object) => ({
  id: 'b',
  type: 'rectanglelabels',
  from_name: 'boxes',
  ...drawnOn,
  value: { rectanglelabels: ['eye'], ...value },
});
const read = (...result: unknown[]) => readPrompt({ result }, config, WIDTH, HEIGHT);

describe('readPrompt', () => {
  it('reads clicks in pixels, negative ones by is_positive', async () => {
    expect(await read(click(25, 50), click(100, 0, 'Hair', { is_positive: false }))).toEqual({
      label: 1,
      id: 'c25',
      points: [
        { x: 2, y: 2, isPositive: true },
        { x: 8, y: 0, isPositive: false },
      ],
      boxes: [],
      strokes: [],
    });
  });

  it('takes a label by alias or value, and from an entry beside a keypoint without one', async () => {
    expect((await read(click(1, 1, 'eye'))).label).toBe(2);
    expect((await read(click(1, 1, 'Eye'))).label).toBe(2);
    const value = { x: 1, y: 1, width: 1 };
    const point = { id: 'k', type: 'keypoint', ...drawnOn, value };
    const labels = { id: 'k', type: 'labels', ...drawnOn, value: { ...value, labels: ['eye'] } };
    expect(await read(point, labels)).toMatchObject({ label: 2, points: [{ isPositive: true }] });
  });

  it('reads boxes, turned ones as the upright box around them', async () => {
    const { boxes, label } = await read(box({ x: 25, y: 25, width: 50, height: 50, rotation: 0 }));
    expect({ boxes, label }).toEqual({ boxes: [{ left: 2, top: 1, right: 6, bottom: 3 }], label: 2 });
    const [turned] = (await read(box({ x: 50, y: 25, width: 25, height: 50, rotation: 90 }))).boxes;
    expect(turned!.left).toBeCloseTo(2);
    expect(turned!.right).toBeCloseTo(4);
    expect(turned!.top).toBeCloseTo(1);
    expect(turned!.bottom).toBeCloseTo(3);
  });

  it('reads strokes', async () => {
    const rgba = rgbaOf(drawn('00110000', '00110000', '00000000', '00000000'), 1);
    const value = { format: 'rle', rle: Array.from(encode(rgba, rgba.length)), brushlabels: ['Hair'] };
    const { strokes } = await read({ id: 's', type: 'brushlabels', ...drawnOn, value });
    expect(strokes).toEqual([{ painted: drawn('00110000', '00110000', '00000000', '00000000').data, isPositive: true }]);
  });

  const reasons: readonly (readonly [name: string, context: unknown, reason: RegExp])[] = [
    ['nothing', {}, /no regions/],
    ['an empty list', { result: [] }, /no regions/],
    ['no list', { result: 'clicks' }, /no regions/],
    ['no region', { result: [7, null] }, /no region that can be read/],
    ['an unknown label', { result: [click(1, 1, 'Tail')] }, /'Tail' is not one of a mask control/],
    ['a keypoint', { result: [click(1, 1, 'Nose tip')] }, /'Nose tip' is a keypoint/],
    ['no label', { result: [click(1, 1, 'Hair', { value: { x: 1, y: 1 } })] }, /no label/],
    ['no place', { result: [click(1, 1, 'Hair', { value: { x: '?', y: 1, labels: ['Hair'] } })] }, /has no place/],
    ['a box without a size', { result: [box({ x: 1, y: 1, width: 'wide', height: 2 })] }, /has no size/],
    ['another picture', { result: [click(1, 1, 'Hair', { original_width: 999 })] }, /999x4/],
  ];
  it.each(reasons)('says why it cannot read %s', async (_name, context, reason) => {
    await expect(readPrompt(context, config, WIDTH, HEIGHT)).rejects.toMatchObject({
      code: 'bad-annotation',
      message: expect.stringMatching(reason),
    });
  });

  it('says that a config without masks has no region for a click', async () => {
    const points = parseLabelConfig(
      '<View><Image name="i" value="$image"/><KeyPointLabels name="p" toName="i"><Label value="Hair"/></KeyPointLabels></View>',
    );
    await expect(readPrompt({ result: [click(1, 1)] }, points, WIDTH, HEIGHT)).rejects.toThrow(/no control that draws masks/);
  });
});
