import { expect, test } from 'vitest';
import { KeypointFigures } from '../../../../../src/jobs/datasets/report/keypoint-figures.ts';
import { positionSvg } from '../../../../../src/jobs/datasets/report/position-svg.ts';

const seen = (keypoint: number, x: number, score: number, spread: number) => ({ keypoint, x, y: 8, score, spread });

test('each keypoint counts in the pairs that show it, its place in those that are delivered', () => {
  const made = new KeypointFigures({ names: ['nose', 'chin'], sigma: 2 }, { width: 64, height: 32 });
  made.add('before', { keypoints: [seen(0, 5, 0.5, 1), seen(1, 40, 0.9, 3)] });
  made.add('after', { keypoints: [seen(0, 5, 0.5, 1)] });
  made.add('before', { keypoints: [seen(0, 50, 0.25, 100)] });
  made.add('before', {});
  const [nose, chin] = made.figures;
  expect([nose!.name, nose!.score.before.values, nose!.score.after.values]).toEqual(['nose', 2, 1]);
  expect(nose!.score.before.mean).toBeCloseTo(0.375);
  expect(nose!.spread.after.mean).toBe(1);
  // Spreads beyond four sigma are in the last bin.
  expect(nose!.spread.before.used).toBe(1200);
  expect(nose!.places.occupied).toEqual([{ x: 5, y: 8, count: 1 }]);
  expect([chin!.score.before.values, chin!.score.after.values, chin!.places.occupied.length]).toEqual([1, 0, 0]);
});

test('the plot shows a cell the darker, the more pictures have the keypoint there', () => {
  const made = new KeypointFigures({ names: ['<nose>'], sigma: 2 }, { width: 64, height: 32 });
  for (const x of [5, 5, 5, 5, 40]) made.add('after', { keypoints: [seen(0, x, 1, 0)] });
  const svg = positionSvg({ title: made.figures[0]!.name, places: made.figures[0]!.places, width: 200 });
  expect(svg).toContain('viewBox="0 0 64 32" width="200" height="100"');
  expect(svg).toContain('<title>&lt;nose&gt;</title>');
  expect([...svg.matchAll(/<path d="([^"]+)"[^>]*fill-opacity="([^"]+)"/g)].map(([, path, opacity]) => [path, opacity])).toEqual([
    ['M5 8h1v1h-1z', '1.00'],
    ['M40 8h1v1h-1z', '0.51'],
  ]);
});
