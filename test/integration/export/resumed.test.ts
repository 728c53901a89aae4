import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listJobs } from '../../../src/store/jobs.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { until } from '../../support/until.ts';
import { testState } from '../store/test-store.ts';

const FORMATS = ['index-png', 'coco'] as const;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-resumed-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The dataset's files and when each was written. */
async function written(folder: string): Promise<Map<string, bigint>> {
  const times = new Map<string, bigint>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) times.set(path, (await stat(path, { bigint: true })).mtimeNs);
  }
  return times;
}

test.each([
  ['folder', {}],
  ['shared storage', { STORAGE_URL: 'file://ROOT/shared' }],
])(
  'resumed after a push that failed, a dataset keeps its files in a %s; where one is lost, all are written anew',
  async (_where, env) => {
    const urls = Object.fromEntries(Object.entries(env).map(([name, url]) => [name, url.replace('ROOT', root)]));
    const state = await testState('embedded');
    const factory = await DatasetFactory.open({ dataDir: state.dataDir, env: urls });
    try {
      const { db } = factory.product.store;
      // Nobody has a token for the Label Studio of its project.
      const id = await factory.order({ count: 6, destination: 'new', formats: FORMATS });
      const exported = (times: number) =>
        until(`the files were seen to ${times} times`, async () => {
          const jobs = await listJobs(db, { datasetId: id, kinds: ['export'] });
          return jobs.filter(({ state }) => state === 'completed').length === times && factory.reaches(id, 'failed');
        });
      const resume = async (times: number) => {
        await factory.backend.datasets.resume(id);
        await exported(times);
        return written(folder);
      };
      await exported(1);
      const { folder: own } = await factory.backend.datasets.get(id);
      const folder = 'STORAGE_URL' in urls ? join(root, 'shared/datasets', id) : own;
      const first = await written(folder);
      expect(first.size).toBeGreaterThan(2 * 6);
      expect(await resume(2)).toEqual(first);

      const [lost] = [...first.keys()].filter((path) => path.endsWith('.png'));
      await rm(lost!);
      const again = await resume(3);
      expect([...again.keys()].sort()).toEqual([...first.keys()].sort());
      for (const [path, time] of again) expect(time).toBeGreaterThan(first.get(path)!);
    } finally {
      await factory.close();
      await state.remove();
    }
  },
);
