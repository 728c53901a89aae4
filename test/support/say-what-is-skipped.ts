import type { TestProject } from 'vitest/node';
import { has, NEEDS } from './needs.ts';

/** Vitest calls it once, before the first test. Unit tests need nothing but Node. */
export function setup({ vitest }: TestProject): void {
  if (vitest.projects.every(({ name }) => name === 'unit')) return;
  const missing = (Object.keys(NEEDS) as (keyof typeof NEEDS)[]).filter((need) => !has(need)).map((need) => NEEDS[need]);
  if (missing.length === 0) return;
  const lines = missing.map(({ what, tests, get }) => `- ${what}. Skipped: ${tests}.\n  To get it: ${get}.`);
  const all = 'As root on Debian, .ci/run installs all that is published, and tests with it.';
  process.stdout.write(`\nThis machine lacks what some tests need:\n${lines.join('\n')}\n${all}\n\n`);
}
