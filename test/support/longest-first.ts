import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take more than a minute on two cores, the longest first. Those of the loop mostly wait, so that others compute beside them. */
const LONG = [
  'e2e/rules',
  'e2e/loop',
  'integration/interpreter/quality',
  'e2e/connecting',
  'integration/datasets/synthesis',
  'e2e/faults',
  'integration/interpreter/versions',
  'e2e/dataset-projects',
  'integration/demo/headless',
  'integration/store/embedded',
  'e2e/slow-generator',
  'integration/queue/queues',
  'e2e/package',
  'integration/server/fuzz',
  'e2e/browser',
  'integration/machines/workers',
  'integration/datasets/killed',
  'integration/store/backup',
  'integration/label-studio/connecting',
].map((name) => {
  const file = resolve(import.meta.dirname, `../${name}.test.ts`);
  if (!existsSync(file)) throw new Error(`longest-first.ts names ${file}, which is not there.`);
  return file;
});

/**
 * The longest test files begin first, so that none of them runs alone at the end. The others follow as vitest has them.
 * Without it vitest knows their sizes only, and in a fresh clone the longest integration test came last.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONG.indexOf(moduleId);
      return found === -1 ? LONG.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
