import { expect, test } from 'vitest';
import { isNpy } from '../../../../src/stylegan/checkpoint/npy.ts';
import { readCheckpoint } from '../../../../src/stylegan/checkpoint/read-checkpoint.ts';
import { convertCheckpoint } from '../../../../src/stylegan/convert/convert-checkpoint.ts';
import { fuzzCheckpoints, soundFiles } from '../../../support/fuzz-checkpoints.ts';

test('2,000 damaged files: read or refused, never anything else', () => {
  const { outcomes } = fuzzCheckpoints(1, 2000);
  expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(2000);
  // The changes go deep enough to meet every kind of refusal, and shallow enough that some files stay sound.
  for (const outcome of ['read', 'checkpoint-truncated', 'checkpoint-damaged', 'checkpoint-unsupported'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(10);
});

test('the files that are damaged are sound', () => {
  const files = soundFiles();
  expect(files.length).toBeGreaterThan(10);
  for (const file of files)
    if (!isNpy(file)) expect(convertCheckpoint(readCheckpoint(file), file.length).tensors.size).toBeGreaterThan(20);
});
