import { expect, test } from 'vitest';
import { HELD_OUT_SEEDS, meanIou } from '../../../../src/cli/demo/held-out-seeds.ts';
import { stepsTable } from '../../../../src/cli/demo/steps-table.ts';

const map = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

test('pooled over pictures, a class that is nowhere left out', () => {
  // Class 0: 2 of 4; class 1: 3 of 5; class 2 nowhere.
  const pairs = [
    { truth: map(0, 0, 1, 1), predicted: map(0, 1, 1, 1) },
    { truth: map(1, 0, 1), predicted: map(1, 0, 0) },
  ];
  expect(meanIou(pairs, 3)).toBeCloseTo((2 / 4 + 3 / 5) / 2, 12);
});

test('held-out seeds are twelve, and apart from tasks and datasets', () => {
  expect(new Set(HELD_OUT_SEEDS).size).toBe(12);
  expect(Math.min(...HELD_OUT_SEEDS)).toBeGreaterThanOrEqual(100_000);
  expect(Math.max(...HELD_OUT_SEEDS)).toBeLessThan(1_000_000);
});

test('the table of the demo has a row for each step', () => {
  const step = {
    seed: 0,
    version: 'dg-0123456789ab',
    mIoU: 0.5994,
    versionSeconds: 9.04,
    predictionSeconds: 75.2,
    predictions: 15,
  };
  expect(stepsTable([step, { ...step, mIoU: null, versionSeconds: null, predictionSeconds: null, predictions: 4 }])).toEqual([
    'annotated    mIoU   new version after   predictions after   version',
    '        1   0.599               9.0 s     1 min 15 s (15)   dg-0123456789ab',
    '        2       -                   -               - (4)   dg-0123456789ab',
  ]);
});
