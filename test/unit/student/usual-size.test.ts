import { expect, test } from 'vitest';
import { usualSize } from '../../../src/student/usual-size.ts';

const input = { name: 'picture', size: 512, mean: [0, 0, 0], std: [1, 1, 1] } as const;

test('the longer side of the pairs is the working size, as the backbone takes it', () => {
  const steps = { input: { ...input, step: 32 } };
  expect(usualSize(steps, { width: 256, height: 100 })).toBe(256);
  expect(usualSize(steps, { width: 100, height: 257 })).toBe(288);
  expect(usualSize(steps, { width: 1024, height: 1024 })).toBe(512);
});

test('a backbone of one size keeps it', () => {
  expect(usualSize({ input: { ...input, step: null } }, { width: 64, height: 64 })).toBe(512);
});
