import { expect, test } from 'vitest';
import { roundTicks } from '../../../../../src/jobs/datasets/report/ticks.ts';

test('ticks are multiples of 1, 2 or 5 times a power of ten', () => {
  expect(roundTicks(1, 2)).toEqual([0, 0.5, 1]);
  expect(roundTicks(0.667, 2)).toEqual([0, 0.2, 0.4, 0.6]);
  expect(roundTicks(0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(roundTicks(0.0457, 4)).toEqual([0, 0.01, 0.02, 0.03, 0.04]);
  expect(roundTicks(2.35, 4)).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(roundTicks(1437, 2, 1)).toEqual([0, 500, 1000]);
  expect(roundTicks(1, 2, 1)).toEqual([0, 1]);
  expect(roundTicks(3, 2, 1)).toEqual([0, 1, 2, 3]);
});

test('as many as asked for, at most 2.5 times as many, none beyond the end, whatever the end is', () => {
  for (let i = 0; i < 400; i++) {
    const end = 10 ** (i / 50 - 4);
    const ticks = roundTicks(end, 3);
    expect(ticks[0]).toBe(0);
    expect(ticks.length - 1).toBeGreaterThanOrEqual(3);
    expect(ticks.length - 1).toBeLessThanOrEqual(7.5);
    expect(ticks.at(-1)!).toBeLessThanOrEqual(end * (1 + 1e-8));
    // The first step has one digit.
    expect(Number(ticks[1]!.toExponential(0))).toBe(ticks[1]);
  }
});
