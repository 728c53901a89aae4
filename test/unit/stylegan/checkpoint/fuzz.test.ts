import { expect, test } from 'vitest';
import { fuzzCheckpoints } from '../../../support/fuzz-checkpoints.ts';

test('2,000 damaged files: read or refused, never anything else', () => {
  const { outcomes } = fuzzCheckpoints(1, 2000);
  expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(2000);
  // The changes go deep enough to meet every kind of refusal, and shallow enough that some files stay sound.
  for (const outcome of ['read', 'checkpoint-truncated', 'checkpoint-damaged', 'checkpoint-unsupported'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(10);
});
