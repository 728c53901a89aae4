import { resolve } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import type { ExportTarget } from '../export/export-target.ts';
import { folderTarget } from '../export/folder-target.ts';
import { storageTarget } from '../export/storage-target.ts';
import { readSettings } from '../settings.ts';
import { openStorage } from '../store/storage/open-storage.ts';

/**
 * Where `--out` says: a folder, or `s3://bucket/prefix` with the account of the AWS_* variables and S3_ENDPOINT, S3_REGION.
 * @throws DatasetGanError `bad-request` when something is there, `bad-settings`, `storage-down`
 */
export async function exportDestination(out: string): Promise<ExportTarget> {
  if (!/^s3:/i.test(out)) return folderTarget(resolve(out));
  const [, bucket, prefix] = /^(s3:\/\/[^/]+)\/+(.*?[^/])\/*$/i.exec(out) ?? [];
  if (bucket === undefined || prefix === undefined)
    throw new DatasetGanError('bad-request', `--out ${out} names no place in a bucket.`, {
      fix: 'Use s3://bucket/prefix, or the name of a folder.',
    });
  return storageTarget(await openStorage(readSettings({ ...process.env, STORAGE_URL: bucket })), prefix);
}
