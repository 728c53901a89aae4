import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { untar } from '../../../src/export/targets/untar.ts';
import { partsOf } from '../../../src/jobs/datasets/record/dataset-parts.ts';
import { optionsOf } from '../../../src/jobs/datasets/record/options-of.ts';
import { planOf } from '../../../src/jobs/datasets/record/stored-plan.ts';
import { readPairs } from '../../../src/jobs/datasets/shards/read-pairs.ts';
import { recordOf } from '../../../src/jobs/product/version-record.ts';
import { predictImage } from '../../../src/jobs/sources/predict-image.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { MIGRATIONS } from '../../../src/store/migrations/index.ts';
import { requireVersion } from '../../../src/store/versions.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';
import { READERS } from '../../support/export-readers.ts';
import { type OlderState, olderDataFolder } from '../../support/older-data-folder.ts';

let old: OlderState;
let factory: DatasetFactory;
/** Of the one dataset that the older release made. */
let id: string;
beforeAll(async () => {
  const dataDir = await makeDataFolder('older');
  old = await olderDataFolder('0.1.0', dataDir);
  factory = await DatasetFactory.open({ dataDir });
  id = String(old.rows.datasets![0]!.id);
});
afterAll(() => factory?.remove());

test('its tables are brought up to date', async () => {
  expect(old.migrations.length).toBeLessThan(Object.keys(MIGRATIONS).length);
  const { engine } = factory.product.store;
  if (engine.kind !== 'embedded') throw new Error('it is embedded');
  const { rows } = await engine.database.query('select name from datasetgan.kysely_migration order by name');
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(MIGRATIONS).sort());
});

test('its rows are read: project, version, plan, choice and options', async () => {
  const { store } = factory.product;
  const [before] = old.rows.datasets!;
  const dataset = await store.db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect(planOf(dataset)).toEqual(before!.plan);
  expect(await factory.project()).toMatchObject({
    title: 'Factory',
    state: 'connected',
    current_version: planOf(dataset).version,
  });
  expect(optionsOf(dataset)).toMatchObject({ destination: 'files', formats: ['index-png'], push: 'predictions' });
  expect(await partsOf(store.db, id)).toMatchObject([{ choice: { kept: 6, dropped: 2 } }]);
  const version = await requireVersion(store.db, planOf(dataset).version);
  expect(recordOf(version).images).toHaveLength(3);
  expect(await factory.backend.datasets.get(id)).toMatchObject({ state: 'completed', delivered: 6 });
});

test('its version predicts what it predicted', async () => {
  const { product } = factory;
  const dataset = await product.store.db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const { version, generator: name, psi, cutoff } = planOf(dataset);
  const generator = await product.generators.find(name);
  let pairs = 0;
  for await (const { record, mask } of readPairs(product, { id })) {
    const image = { generator: generator.card.id, seed: record.seed, class: record.class, psi, cutoff };
    const options = { lane: 'batch', priority: 'synthesize' } as const;
    const { labelMap: now } = await predictImage(product, generator, version, image, options);
    const then = (await decodeIndexPng(mask)).data;
    const same = now.filter((label, pixel) => label === then[pixel]).length;
    // Across machines and releases of the runtime, masks agree on 99.9 % of the pixels.
    expect(same / then.length).toBeGreaterThanOrEqual(0.999);
    pairs++;
  }
  expect(pairs).toBe(6);
});

test('its dataset is exported: the pairs that it had', async () => {
  const before = await READERS['index-png']!(String(old.rows.datasets![0]!.folder));
  expect(before.size).toBe(6);
  const folder = join(factory.product.folder.root, 'exported');
  const archive = await factory.backend.datasets.archive(id, { format: 'index-png' });
  const chunks: Uint8Array[] = [];
  await archive.write(async (bytes) => void chunks.push(bytes), new AbortController().signal);
  await untar(Readable.from(chunks), await folderTarget(folder));
  expect(await READERS['index-png']!(folder)).toEqual(before);
  expect(await readFile(join(folder, 'SHA256SUMS'), 'utf8')).toContain('images/seed-3000000.png');
});

test('an order goes on with its version, and makes other pairs', async () => {
  const next = await factory.order({ count: 3 });
  expect(await factory.reaches(next, 'completed')).toMatchObject({ delivered: 3, known: 0 });
});
