import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' };
import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { RECIPE } from '../interpreter/recipe.ts';
import { MIGRATIONS } from '../store/migrations/index.ts';
import type { Storage } from '../store/objects/storage.ts';
import type { Database } from '../store/schema.ts';
import { readSetting, setSetting } from '../store/stored-settings.ts';

/** What a server says of itself in the database, for the workers that join it. */
export interface ServerRecord {
  /** Newest migration of its tables. */
  readonly schema: string;
  /** Pictures and masks agree to the byte for one version of ONNX Runtime and one recipe only. */
  readonly onnxruntime: string;
  readonly recipe: number;
  /** Names the storage that it shares; null: it shares none. */
  readonly storage: string | null;
}

const RECORD: z.ZodType<ServerRecord> = z.looseObject({
  schema: z.string(),
  onnxruntime: z.string(),
  recipe: z.number(),
  storage: z.string().nullable(),
});

const SETTING = 'server';
const STORAGE_ID = 'storage-id';

export const OWN_RELEASE = {
  schema: Object.keys(MIGRATIONS).sort().at(-1) ?? '',
  onnxruntime: onnxruntime.version,
  recipe: RECIPE,
} as const satisfies Omit<ServerRecord, 'storage'>;

export async function recordServer(db: Kysely<Database>, storage: Storage): Promise<void> {
  const record: ServerRecord = { ...OWN_RELEASE, storage: storage.shared ? await storageId(storage) : null };
  await setSetting(db, SETTING, record);
}

/**
 * Refuses to work for a server that would get other bytes from us than from itself, or that would not see them.
 * @throws DatasetGanError `bad-settings` when there is no server, or its storage is not ours; `wrong-release`
 */
export async function requireServer(db: Kysely<Database>, storage: Storage): Promise<void> {
  const server = await readSetting(db, SETTING, RECORD).catch((error: { code?: string }) => {
    // No table, or not even a schema: nobody has used this database.
    if (error.code === '42P01' || error.code === '3F000') return undefined;
    throw error;
  });
  if (server === undefined)
    throw new DatasetGanError('bad-settings', 'No server has used this database yet.', {
      fix: 'First start datasetgan serve with the same DATABASE_URL and STORAGE_URL. Or correct DATABASE_URL.',
    });
  requireRelease(server);
  if (server.storage === null)
    throw new DatasetGanError('bad-settings', 'The server stores its files on its own disk, where a worker cannot read them.', {
      fix: 'Start datasetgan serve with the same STORAGE_URL as here. All machines must reach it.',
    });
  if (server.storage !== (await storageId(storage)))
    throw new DatasetGanError('bad-settings', `The storage here (${storage.place}) is not the one that the server uses.`, {
      fix: 'Use the same STORAGE_URL and S3_ENDPOINT for worker and server. A file:// folder must be one that all machines share.',
    });
}

/**
 * Looks again whether the server is still of our release: it may have been replaced while a worker ran.
 * @throws DatasetGanError `wrong-release`
 */
export async function requireSameRelease(db: Kysely<Database>): Promise<void> {
  const server = await readSetting(db, SETTING, RECORD);
  if (server !== undefined) requireRelease(server);
}

function requireRelease(server: ServerRecord): void {
  const names = { schema: 'database tables', onnxruntime: 'ONNX Runtime', recipe: 'recipe' } as const;
  const different = (Object.keys(names) as (keyof typeof names)[]).filter((key) => server[key] !== OWN_RELEASE[key]);
  if (different.length === 0) return;
  const list = different.map((key) => `${names[key]} ${server[key]}, here ${OWN_RELEASE[key]}`).join('; ');
  throw new DatasetGanError('wrong-release', `The server runs another release: ${list}.`, {
    fix: 'Install the same release on every machine.',
  });
}

/** A name that the storage itself carries, made when it has none. */
async function storageId(storage: Storage): Promise<string> {
  if (!(await storage.has(STORAGE_ID))) await storage.put(STORAGE_ID, new TextEncoder().encode(randomUUID()));
  return new TextDecoder().decode(await storage.get(STORAGE_ID));
}
