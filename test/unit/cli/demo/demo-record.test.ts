import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DemoRecordFile } from '../../../../src/cli/demo/demo-record.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-record-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was changed is there the next time, under the same id', async () => {
  const file = join(folder, 'new', 'demo.json');
  const first = await DemoRecordFile.open(file);
  await first.change({ port: 9090, begun: { task: 7, seed: 3 } });
  const again = await DemoRecordFile.open(file);
  expect(again.now).toEqual({ ...first.now, port: 9090, begun: { task: 7, seed: 3 }, steps: [], project: null, dataset: null });
  expect(again.now.id).toBe(first.now.id);
});

test('a damaged record is refused, and stays as it is', async () => {
  const file = join(folder, 'demo.json');
  await writeFile(file, '{"id": 7');
  await expect(DemoRecordFile.open(file)).rejects.toThrow(
    expect.objectContaining({ code: 'corrupt-file', message: `The demo's record ${file} cannot be read.` }),
  );
  expect(await readFile(file, 'utf8')).toBe('{"id": 7');
});
