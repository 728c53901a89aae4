import { expect, test } from 'vitest';
import { PlaceCounts } from '../../../src/synthesis/place-counts.ts';

test('places count in the cells of a grid of 64 along the longer side', () => {
  const places = new PlaceCounts({ width: 128, height: 96 });
  expect(places.cell).toBe(2);
  expect(places.occupied).toEqual([]);
  for (const [x, y] of [
    [0.5, 0.5],
    [1.9, 1],
    [2, 0],
    [127.9, 95.9],
    [4, 50],
  ] as const)
    places.add({ x, y });
  expect(places.occupied).toEqual([
    { x: 0, y: 0, count: 2 },
    { x: 2, y: 0, count: 1 },
    { x: 4, y: 50, count: 1 },
    { x: 126, y: 94, count: 1 },
  ]);
});

test('what is beyond the edge counts at the edge', () => {
  const places = new PlaceCounts({ width: 30, height: 64 });
  for (const [x, y] of [
    [-5, 10],
    [99, 99],
  ] as const)
    places.add({ x, y });
  expect(places.occupied).toEqual([
    { x: 0, y: 10, count: 1 },
    { x: 29, y: 63, count: 1 },
  ]);
});
