import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PARTS } from '../../../../src/stylegan/portraits/parts.ts';
import { PORTRAITS_ID, truth } from '../../../../src/stylegan/portraits/truth.ts';
import { goldenOf, greatestDifference, PORTRAITS } from '../../../support/golden.ts';

const image = { generator: PORTRAITS_ID, seed: 1, class: null, psi: 1, cutoff: null };

test('the truth of a picture: parts and keypoints', () => {
  const { width, height, data, keypoints } = truth(image);
  expect([width, height]).toEqual([256, 256]);
  expect(greatestDifference(data, goldenOf('mask', 1))).toBe(0);
  expect(Math.max(...data)).toBeLessThan(PARTS.length);
  expect(keypoints.map(({ name }) => name)).toContain('nose-tip');
  // psi 1 does not truncate, whatever the cutoff.
  expect(truth({ ...image, cutoff: 4 }).data).toEqual(data);
});

test('truth is known of the bundled generator at psi 1 only', () => {
  const refused = (message: string) =>
    expect.objectContaining({ code: 'no-truth', message: expect.stringContaining(message), fix: expect.any(String) });
  expect(() => truth({ ...image, psi: 0.7 })).toThrow(refused('not at psi 0.7'));
  expect(() => truth({ ...image, psi: 0.7, cutoff: 4 })).toThrow(refused('not at psi 0.7'));
  expect(() => truth({ ...image, generator: 'b'.repeat(64) })).toThrow(
    refused('Ground truth exists only for pictures of portraits-256'),
  );
});

test('the bundled generator has the id that truth is known for', () => {
  const card = JSON.parse(readFileSync(join(PORTRAITS, 'generator.json'), 'utf8')) as { id: string };
  expect(card.id).toBe(PORTRAITS_ID);
});
