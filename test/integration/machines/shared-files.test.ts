import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Classifier } from '../../../src/interpreter/ensemble/classifier.ts';
import { tensorHash } from '../../../src/interpreter/learning/tensor-file.ts';
import { DEFAULT_SETTINGS } from '../../../src/interpreter/recipe.ts';
import { headTensors, readVersion, type VersionRecord, writeVersion } from '../../../src/interpreter/versions/version.ts';
import { DataFolder } from '../../../src/jobs/product/data-folder.ts';
import { fetchGenerator, shareGenerator } from '../../../src/jobs/product/shared-files.ts';
import { hasVersion, localVersion, shareVersion } from '../../../src/jobs/product/version-file.ts';
import { Blobs } from '../../../src/store/objects/blobs.ts';
import { openStorage } from '../../../src/store/objects/open-storage.ts';
import type { Storage } from '../../../src/store/objects/storage.ts';
import { json } from '../../../src/store/rows.ts';
import type { Store } from '../../../src/store/store.ts';
import { recordVersion } from '../../../src/store/versions.ts';
import { openGenerator } from '../../../src/stylegan/generator.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { has } from '../../support/needs.ts';
import { s3Place } from '../../support/s3-server.ts';
import { openPortraits } from '../interpreter/support/portraits.ts';
import { type TestState, testState } from '../store/test-store.ts';

let root: string;
let state: TestState;
let store: Store;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-shared-'));
  state = await testState('embedded');
  store = await state.open();
});
afterAll(async () => {
  await store.close();
  await state.remove();
  await rm(root, { recursive: true });
});

/** Weights of one member, two features and two labels: enough to be a version's file. */
function smallVersion(id: string): { record: VersionRecord; classifier: Classifier } {
  const shape = { dims: 2, members: 1, hidden: [2, 2], classes: 2 } as const;
  const tensor = (size: number) => Float32Array.from({ length: size }, (_, i) => i / size);
  const classifier: Classifier = {
    shape,
    w1: tensor(4),
    b1: tensor(2),
    w2: tensor(4),
    b2: tensor(2),
    w3: tensor(4),
    b3: tensor(2),
  };
  const record: VersionRecord = {
    id,
    recipe: 1,
    generator: 'g',
    psi: 1,
    cutoff: null,
    classRule: 'none',
    labels: ['a', 'b'],
    annotatedLabels: [0, 1],
    shape,
    settings: DEFAULT_SETTINGS,
    seed: 0,
    images: [],
    notes: [],
    steps: 1,
    loss: 0,
    trainingAccuracy: 1,
    seconds: { sampling: 0, training: 0, total: 0 },
    weights: tensorHash(headTensors({ masks: classifier })),
  };
  return { record, classifier };
}

/** One whose row is in the database. */
async function knownVersion(id: string): Promise<{ record: VersionRecord; classifier: Classifier }> {
  const version = smallVersion(id);
  const { record } = version;
  await recordVersion(store.db, {
    id,
    generator_id: 'g',
    labels: json(record.labels),
    record: json(record),
    validation: 'none',
    weights_sha256: record.weights,
  });
  return version;
}

describe.each(has('s3') ? (['folder', 's3'] as const) : (['folder'] as const))('shared by %s', (kind) => {
  let storage: Storage;
  const machine = (name: string) => ({
    storage,
    store,
    blobs: new Blobs(storage),
    folder: new DataFolder(join(root, kind, name)),
  });
  beforeAll(async () => {
    const place = kind === 's3' ? await s3Place() : ({ kind: 'folder', folder: join(root, 'storage') } as const);
    storage = await openStorage({ dataDir: root, storage: place });
  });

  test('weights go from one machine to another, and are refused when they are not those of the record', async () => {
    const id = `dg-${kind}`;
    const { record, classifier } = await knownVersion(id);
    const [server, worker] = [machine('server'), machine('worker')];
    await expect(localVersion(worker, id)).rejects.toMatchObject({ code: 'version-lost', fix: expect.any(String) });
    expect(await hasVersion(worker, id)).toBe(false);
    await writeVersion(server.folder.version(id), record, { masks: classifier });
    await shareVersion(server, id);
    await shareVersion(server, id);
    const [file] = await Promise.all([localVersion(worker, id), localVersion(worker, id)]);
    expect((await readVersion(file)).record).toEqual(record);
    expect(await localVersion(worker, id)).toBe(file);

    const other = smallVersion(`${id}-other`);
    const otherFile = server.folder.version(other.record.id);
    await writeVersion(otherFile, other.record, { masks: other.classifier });
    await storage.put(`versions/${id}.bin`, await readFile(otherFile));
    const third = machine('third');
    await expect(localVersion(third, id)).rejects.toMatchObject({ code: 'version-lost' });
    expect(await readdir(join(third.folder.root, 'versions'))).toEqual([]);
    // The wrong copy is gone, so that the next order shares the right one.
    await shareVersion(server, id);
    expect((await readVersion(await localVersion(third, id))).record).toEqual(record);
  });

  test('a damaged file is fetched again, and a damaged copy is shared again', async () => {
    const id = `dg-${kind}-damaged`;
    const { record, classifier } = await knownVersion(id);
    const server = machine('server');
    const file = server.folder.version(id);
    await writeVersion(file, record, { masks: classifier });
    const sound = await readFile(file);
    await shareVersion(server, id);
    await localVersion(server, id);
    for (const damage of [
      () => truncate(file, 100),
      () => rm(file),
      () => writeFile(file, Buffer.from(sound).fill(1, sound.length - 4)),
    ]) {
      await damage();
      await localVersion(server, id);
      expect((await readFile(file)).equals(sound)).toBe(true);
    }
    await storage.put(`versions/${id}.bin`, sound.subarray(0, 100));
    await shareVersion(server, id);
    expect(Buffer.from(await storage.get(`versions/${id}.bin`)).equals(sound)).toBe(true);
    // Nowhere any more.
    await storage.delete(`versions/${id}.bin`);
    await truncate(file, 100);
    await expect(shareVersion(server, id)).rejects.toMatchObject({ code: 'version-lost' });
  });

  test('a generator that a machine does not have comes by its id, checked', async () => {
    const portraits = await openPortraits();
    const [server, worker] = [machine('server'), machine('worker')];
    const library = new GeneratorLibrary([worker.folder.generators], { fetch: (id) => fetchGenerator(worker, id) });
    await expect(library.find(portraits.card.id)).rejects.toMatchObject({ code: 'unknown-generator' });
    await shareGenerator(server, portraits);
    await shareGenerator(server, portraits);
    const found = await Promise.all([library.find(portraits.card.id), library.find(portraits.card.id)]);
    for (const { folder, card } of found) {
      expect(card).toEqual(portraits.card);
      expect((await openGenerator(folder)).card.id).toBe(portraits.card.id);
    }
    await expect(library.find('no-such-name')).rejects.toMatchObject({ code: 'unknown-generator' });

    await storage.put(worker.blobs.key(portraits.card.files['mapping.onnx']), new TextEncoder().encode('damaged'));
    const third = machine('third');
    await expect(fetchGenerator(third, portraits.card.id)).rejects.toMatchObject({ code: 'corrupt-file' });
    await shareGenerator(server, portraits);
    expect(await fetchGenerator(machine('fourth'), portraits.card.id)).toBe(true);
    await storage.put(`generators/${portraits.card.id}.json`, new TextEncoder().encode('{}'));
    await expect(fetchGenerator(third, portraits.card.id)).rejects.toMatchObject({
      code: 'corrupt-file',
      fix: expect.any(String),
    });
    expect(await readdir(third.folder.generators)).toEqual([]);
  });
});

test('where the storage is not shared, nothing is copied', async () => {
  const storage = await openStorage({ dataDir: join(root, 'alone'), storage: null });
  const alone = { storage, store, blobs: new Blobs(storage), folder: new DataFolder(join(root, 'alone')) };
  const { record, classifier } = await knownVersion('dg-1');
  await writeVersion(alone.folder.version('dg-1'), record, { masks: classifier });
  await shareVersion(alone, 'dg-1');
  await shareGenerator(alone, await openPortraits());
  expect(await readdir(storage.folder ?? '')).toEqual(['.unfinished']);
  expect(await localVersion(alone, 'dg-1')).toBe(alone.folder.version('dg-1'));
  expect(await fetchGenerator(alone, 'f'.repeat(64))).toBe(false);
});
