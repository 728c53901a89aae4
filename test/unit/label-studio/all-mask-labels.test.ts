import { expect, test } from 'vitest';
import { allMaskLabels } from '../../../src/label-studio/label-config/all-mask-labels.ts';
import { configForControl } from '../../../src/label-studio/label-config/config-for-control.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';

const config = (controls: string) =>
  `<View><Image name="image" value="$image"/><Image name="other" value="$b"/>${controls}</View>`;
const control = (tag: string, labels: string, to = 'image') =>
  `<${tag} name="${tag}" toName="${to}">${labels
    .split(' ')
    .map((label) => `<Label value="${label}"/>`)
    .join('')}</${tag}>`;

test('labels of all mask controls on the image, each once, in the order of the config', () => {
  const xml = config(
    control('PolygonLabels', 'car tree') +
      control('BitmaskLabels', 'tree sky background') +
      control('BrushLabels', 'hair car') +
      control('RectangleLabels', 'box') +
      control('KeyPointLabels', 'point'),
  );
  const all = allMaskLabels(xml);
  expect(all).toMatchObject({ imageName: 'image', sparse: true });
  expect(all.labels).toEqual(['background', 'car', 'tree', 'sky', 'hair']);
  expect(Object.fromEntries(all.labelTexts)).toEqual({ background: 0, car: 1, tree: 2, sky: 3, hair: 4 });
  expect(all.controls.map(({ name }) => name)).toEqual([
    'BitmaskLabels',
    'BrushLabels',
    'PolygonLabels',
    'BitmaskLabels',
    'BrushLabels',
  ]);
});

test('a control of another image is left out; one control alone is as it is', () => {
  const xml = config(control('BrushLabels', 'hair') + control('PolygonLabels', 'car', 'other'));
  expect(allMaskLabels(xml).labels).toEqual(['Background', 'hair']);
  expect(() => allMaskLabels(config(control('RectangleLabels', 'box')))).toThrow('BrushLabels');
});

test('Labels beside a Brush, Polygon or Bitmask are read as one control; beside a Rectangle they are not', () => {
  const shapes = (tag: string) => config(`${control('Labels', 'hair face')}<${tag} name="shape" toName="image"/>`);
  for (const [tag, type] of [
    ['Brush', 'brushlabels'],
    ['Polygon', 'polygonlabels'],
    ['Bitmask', 'bitmasklabels'],
  ] as const) {
    expect(allMaskLabels(shapes(tag))).toMatchObject({
      labels: ['Background', 'hair', 'face'],
      controls: Array(3).fill({ name: 'Labels', type }),
    });
    // Another Label Studio shows the masks with a control that draws both at once.
    expect(parseLabelConfig(configForControl(shapes(tag)))).toEqual({ ...allMaskLabels(shapes(tag)), otherObjects: [] });
  }
  expect(() => allMaskLabels(shapes('Rectangle'))).toThrow(
    'The label config has no BrushLabels, PolygonLabels, BitmaskLabels or KeyPointLabels',
  );
  const beside = config(control('BrushLabels', 'hair') + control('Labels', 'sky') + '<Brush name="b" toName="image"/>');
  expect(allMaskLabels(beside).labels).toEqual(['Background', 'hair', 'sky']);
  expect(parseLabelConfig(beside).labels).toEqual(['Background', 'hair']);
});

test('more labels than an 8-bit mask has room for are refused', () => {
  const many = (prefix: string) => Array.from({ length: 150 }, (_, i) => `${prefix}${i}`).join(' ');
  expect(() => allMaskLabels(config(control('BrushLabels', many('a')) + control('PolygonLabels', many('b'))))).toThrow(
    'The label config has 300 labels: the maximum is 254.',
  );
});
