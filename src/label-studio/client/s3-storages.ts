import { z } from 'zod';
import type { Connection } from '../connection/connection.ts';

const STORAGE = z.looseObject({
  id: z.number(),
  bucket: z.string().nullish(),
  prefix: z.string().nullish(),
  title: z.string().nullish(),
});

/** A bucket from which Label Studio may read for one project. */
export interface S3StorageDraft {
  readonly title: string;
  readonly bucket: string;
  /** Only looked at when Label Studio checks that it can read there: something must be under it. */
  readonly prefix: string;
  /** null: Amazon's. */
  readonly endpoint: string | null;
  readonly region: string;
  /** null: Label Studio uses its own, of its environment or machine. */
  readonly keys: { readonly id: string; readonly secret: string; readonly session?: string } | null;
}

/** The project's import storages of that kind. Label Studio never gives the keys. */
export async function listS3Storages(
  connection: Connection,
  project: number,
  signal?: AbortSignal,
): Promise<{ id: number; bucket: string | null; prefix: string | null; title: string | null }[]> {
  const found = await connection.json(z.array(STORAGE), { method: 'GET', path: '/api/storages/s3', query: { project }, signal });
  return found.map(({ id, bucket = null, prefix = null, title = null }) => ({ id, bucket, prefix, title }));
}

/**
 * Lets a project's tasks name pictures as `s3://bucket/key`. Label Studio passes them on to browsers itself (no presigned addresses, no CORS), and
 * nothing is ever imported from there: no key passes the filter. Not idempotent.
 * @throws DatasetGanError `label-studio-error` when Label Studio cannot read the bucket; its own words say why
 */
export async function createS3Storage(
  connection: Connection,
  project: number,
  { title, bucket, prefix, endpoint, region, keys }: S3StorageDraft,
  signal?: AbortSignal,
): Promise<void> {
  const body = {
    project,
    title,
    bucket,
    prefix,
    regex_filter: NOTHING,
    use_blob_urls: true,
    presign: false,
    region_name: region,
    ...(endpoint === null ? {} : { s3_endpoint: endpoint }),
    ...(keys === null ? {} : { aws_access_key_id: keys.id, aws_secret_access_key: keys.secret }),
    ...(keys?.session === undefined ? {} : { aws_session_token: keys.session }),
  };
  await connection.json(STORAGE, { method: 'POST', path: '/api/storages/s3', body, timeout: 60_000, signal });
}

/** A regular expression that no key matches. */
const NOTHING = '(?!)';
