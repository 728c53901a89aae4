import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const project = (name: string, testTimeout: number, retry = 0) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, retry },
});

/** Real servers, databases and a browser on a busy machine: what fails twice is ours. Vitest's summary names what was tried again. */
const CI_RETRIES = process.env.CI === undefined ? 0 : 1;

export default defineConfig({
  test: {
    pool: 'forks',
    // For two cores: tests of the loop wait as long as they compute, for Label Studio and for jobs that keep a distance.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Test files, worker threads and servers in processes of their own load the same sources: a fifth of the processor time of some files.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, 'node_modules/.cache/compiled') },
    globalSetup: 'test/support/say-what-is-skipped.ts',
    projects: [project('unit', 20_000), project('integration', 180_000, CI_RETRIES), project('e2e', 900_000, CI_RETRIES)],
  },
});
