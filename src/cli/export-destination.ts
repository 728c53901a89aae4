import { resolve } from 'node:path';
import { DatasetGanError } from '../errors.ts';
import { ARCHIVE_KINDS } from '../export/format-names.ts';
import { archiveFileTarget } from '../export/targets/archive-file-target.ts';
import type { ExportTarget } from '../export/targets/export-target.ts';
import { folderTarget } from '../export/targets/folder-target.ts';
import { storageTarget } from '../export/targets/storage-target.ts';
import { readSettings, type Settings } from '../settings.ts';
import { openStorage } from '../store/objects/open-storage.ts';
import { STDOUT, stdoutTarget } from './stdout-target.ts';

/** Where `--out` says. */
export interface ExportDestination {
  /** The stream for messages: never the one that the export itself uses. */
  readonly report: (line: string) => void;
  /** Those of the environment, with the bucket of `--out` as the storage. */
  readonly settings: Settings;
  /** @throws DatasetGanError `bad-request` when something is there, `bad-settings`, `storage-down` */
  open(): Promise<ExportTarget>;
}

/**
 * A folder, an archive (`NAME.zip`, `NAME.tar`), `-` for a tar on the standard output, or `s3://bucket/prefix` with the account of the AWS_*
 * variables and S3_ENDPOINT, S3_REGION.
 * @throws DatasetGanError `bad-request`, `bad-settings`
 */
export function exportDestination(out: string): ExportDestination {
  if (out === STDOUT) return { settings: readSettings(process.env), report: onStderr, open: async () => stdoutTarget() };
  if (!/^s3:/i.test(out)) {
    const kind = ARCHIVE_KINDS.find((name) => out.toLowerCase().endsWith(`.${name}`));
    const open = () => (kind === undefined ? folderTarget(resolve(out)) : archiveFileTarget(resolve(out), kind));
    return { settings: readSettings(process.env), report: onStdout, open };
  }
  const [, bucket, prefix] = /^(s3:\/\/[^/]+)\/+(.*?[^/])\/*$/i.exec(out) ?? [];
  if (bucket === undefined || prefix === undefined)
    throw new DatasetGanError('bad-request', `--out ${out} has no prefix in a bucket.`, {
      fix: 'Use s3://bucket/prefix, or the name of a folder or an archive.',
    });
  const settings = readSettings({ ...process.env, STORAGE_URL: bucket });
  return { settings, report: onStdout, open: async () => storageTarget(await openStorage(settings), prefix) };
}

const onStdout = (line: string) => void process.stdout.write(`${line}\n`);
const onStderr = (line: string) => void process.stderr.write(`${line}\n`);
