import { expect, test } from 'vitest';
import { type AxisSamples, axisSamples } from '../../../../src/interpreter/features/bilinear.ts';
import { coarseGrid, gridSamples, levelReads } from '../../../../src/interpreter/inference/coarse-grid.ts';

const level = (resolution: number) => ({ resolution, channels: 1, offset: 0, taps: [] });
const ramp = (resolution: number) => Array.from({ length: resolution }, (_, i) => Math.sin(3 * i * i + resolution));
const read = ({ low, high, fraction }: AxisSamples, values: readonly number[]) =>
  Array.from(low, (at, i) => (1 - fraction[i]!) * values[at]! + fraction[i]! * values[high[i]!]!);

test.each([64, 96, 512])('levels added on the grid and upsampled are the levels upsampled and added: side %i', (side) => {
  const grid = coarseGrid([4, 8, 16, 32].map(level), side)!;
  const points = new Array<number>(grid.size).fill(0);
  const expected = new Array<number>(side).fill(0);
  for (const { resolution } of grid.levels) {
    const values = ramp(resolution);
    const { length, matrices } = levelReads(grid, resolution, side);
    expect(length).toBe(resolution);
    for (let point = 0; point < grid.size; point++)
      for (let i = 0; i < resolution; i++) points[point]! += matrices[point * resolution + i]! * values[i]!;
    for (const [i, value] of read(axisSamples(resolution, side, 0, side), values).entries()) expected[i]! += value;
  }
  const worst = read(gridSamples(grid, 0, side), points).reduce(
    (max, value, i) => Math.max(max, Math.abs(value - expected[i]!)),
    0,
  );
  expect(worst).toBeLessThan(1e-6);
});

test('only levels whose lines meet share a grid', () => {
  const shared = (resolutions: number[], side: number) =>
    coarseGrid(resolutions.map(level), side)?.levels.map((l) => l.resolution);
  expect(shared([4, 8, 16, 32, 64, 128], 256)).toEqual([4, 8, 16, 32]);
  expect(shared([4, 6, 8], 48)).toEqual([4, 8]);
  expect(shared([16, 20], 74)).toBeUndefined();
  expect(shared([4], 256)).toBeUndefined();
  expect(shared([], 256)).toBeUndefined();
});
