import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { shardHashes } from '../../support/shard-hashes.ts';

const ORDER = { count: 20, seedStart: 1_000_000 };

let factory: DatasetFactory;
let file: string;
let sound: Buffer;
beforeAll(async () => {
  factory = await DatasetFactory.open();
  await factory.shardsOf(5);
  const { current_version: version } = await factory.project();
  file = factory.product.folder.version(version ?? '');
  sound = await readFile(file);
});
afterAll(() => factory?.remove());

const DAMAGES = [
  ['cut off', () => truncate(file, sound.length - 100)],
  ['deleted', () => rm(file)],
  ['altered at the end', () => writeFile(file, Buffer.from(sound).fill(1, sound.length - 4))],
  ['empty', () => writeFile(file, '')],
] as const;

test.each(DAMAGES)(
  'a version whose file is %s is not ordered from and not activated; the message says what to do',
  async (_, damage) => {
    await damage();
    const lost = { code: 'version-lost', fix: expect.stringContaining('/train') };
    await expect(factory.order(ORDER)).rejects.toMatchObject(lost);
    const { ls_id: project, current_version: version } = await factory.project();
    await expect(factory.backend.projects.activate(String(project), version ?? '')).rejects.toMatchObject(lost);
    expect((await factory.backend.datasets.list({})).total).toBe(0);
    await writeFile(file, sound);
  },
);

test('a dataset whose version is lost on the way fails with that, and goes on when it is there again', async () => {
  await writeFile(file, sound);
  const whole = await factory.order(ORDER);
  await factory.reaches(whole, 'completed');
  const expected = await shardHashes(factory.product, whole);
  await factory.backend.datasets.remove(whole, { withProject: false });

  await factory.shardsOf(5);
  const release = factory.engine.hold((task) => task === 'predictPair');
  const id = await factory.order(ORDER);
  await expect.poll(() => factory.engine.held).toBeGreaterThan(0);
  await rm(file);
  release();
  const { reasons } = await factory.reaches(id, 'failed');
  expect(reasons.join(' ')).toContain('/train');
  // Still lost: it fails again, at once.
  await factory.backend.datasets.resume(id);
  await factory.reaches(id, 'failed');

  await writeFile(file, sound);
  await factory.backend.datasets.resume(id);
  await factory.reaches(id, 'completed');
  expect(await shardHashes(factory.product, id)).toEqual(expected);

  // What is complete needs no weights.
  await rm(file);
  await factory.backend.datasets.resume(id);
  await factory.reaches(id, 'completed');
  await writeFile(file, sound);
});
