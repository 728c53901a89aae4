import { expect, test } from 'vitest';
import { PORTRAIT_LABEL_CONFIG, partColour, truthInLabels } from '../../../../src/cli/demo/portrait-parts.ts';
import { parseLabelConfig } from '../../../../src/label-studio/label-config/parse-label-config.ts';

const LABELS = ['Background', 'hair', 'face', 'ear', 'neck', 'clothing', 'eye', 'iris', 'brow', 'nose', 'mouth', 'glasses'];

test('the label config is dense, draws with brushes, and has the twelve parts', () => {
  const config = parseLabelConfig(PORTRAIT_LABEL_CONFIG);
  expect(config).toMatchObject({ imageKey: 'image', sparse: false, labels: LABELS });
  expect(new Set(config.controls.map(({ type }) => type))).toEqual(new Set(['brushlabels']));
  expect(new Set(LABELS.map(partColour)).size).toBe(12);
});

test('truth goes to labels by name, whatever their order; a part without a label is left out', () => {
  const truth = { width: 4, height: 1, data: Uint8Array.of(0, 1, 2, 11) };
  expect(truthInLabels(truth, LABELS).data).toEqual(Uint8Array.of(0, 1, 2, 11));
  expect(truthInLabels(truth, ['Background', 'Glasses', 'hair']).data).toEqual(Uint8Array.of(0, 2, 255, 1));
});
