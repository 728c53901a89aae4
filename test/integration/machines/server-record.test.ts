import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWN_RELEASE, recordServer, requireSameRelease, requireServer } from '../../../src/jobs/server-record.ts';
import { openStorage } from '../../../src/store/objects/open-storage.ts';
import { setSetting } from '../../../src/store/stored-settings.ts';
import { ENGINES, type TestState, testState } from '../store/test-store.ts';

let root: string;
let state: TestState;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasetgan-record-'));
  state = await testState(ENGINES.at(-1)!);
});
afterAll(async () => {
  await state.remove();
  await rm(root, { recursive: true });
});

const shared = (name: string) => openStorage({ dataDir: root, storage: { kind: 'folder', folder: join(root, name) } });

test('a worker joins the server that has its release and its storage, and refuses every other', async () => {
  const empty = await state.open({ migrate: false });
  await expect(requireServer(empty.db, await shared('a'))).rejects.toMatchObject({
    code: 'bad-settings',
    message: 'No server has used this database yet.',
  });
  await empty.close();

  const { db, close } = await state.open();
  await expect(requireServer(db, await shared('a'))).rejects.toMatchObject({ code: 'bad-settings' });
  await recordServer(db, await openStorage({ dataDir: root, storage: null }));
  await expect(requireServer(db, await shared('a'))).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringContaining('its own disk'),
  });
  await recordServer(db, await shared('a'));
  await requireServer(db, await shared('a'));
  await requireSameRelease(db);
  await expect(requireServer(db, await shared('b'))).rejects.toMatchObject({
    code: 'bad-settings',
    message: expect.stringContaining('not the one that the server uses'),
  });

  for (const change of [{ onnxruntime: '1.0.0' }, { schema: '9999-later' }, { recipe: 999 }]) {
    await setSetting(db, 'server', { ...OWN_RELEASE, storage: 'x', ...change });
    const refused = {
      code: 'wrong-release',
      message: expect.stringContaining(String(Object.values(change)[0])),
      fix: expect.any(String),
    };
    await expect(requireServer(db, await shared('a'))).rejects.toMatchObject(refused);
    await expect(requireSameRelease(db)).rejects.toMatchObject(refused);
  }
  await close();
});
