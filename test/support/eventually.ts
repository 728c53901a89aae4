import { vi } from 'vitest';

/** Waits until the assertion holds, and gives what it gives. Patient, since a busy machine may take long; it ends only what would never come. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 60_000, interval: 10 });
