import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { archiveTarget } from '../../../src/export/targets/archive-target.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { portraitDataset, runHere } from '../../support/export-pairs.ts';
import { has, mountSmallDisk } from '../../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-full-'));
const disk = join(folder, 'disk');
beforeAll(() => {
  mkdirSync(disk);
  if (has('smallDisk')) mountSmallDisk(disk, '96k');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  if (has('smallDisk')) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(has('smallDisk'))('a disk that gets full', () => {
  test.each(['index-png', 'webdataset', 'parquet', 'coco'])('%s: is said, and nothing is left on it', async (format) => {
    const target = await folderTarget(join(disk, 'out'));
    await expect(writeFormats([format], portraitDataset(40), target, { run: runHere })).rejects.toMatchObject({
      code: 'disk-full',
      fix: 'Free some space, or choose a folder on another disk.',
    });
    expect(readdirSync(disk)).toEqual([]);
  });

  test('so does that of the temporary files of an archive', async () => {
    vi.stubEnv('TMPDIR', disk);
    const target = archiveTarget('tar', async () => undefined);
    await expect(writeFormats(['parquet'], portraitDataset(40), target, { run: runHere })).rejects.toMatchObject({
      code: 'disk-full',
      fix: 'Free some space, or set TMPDIR to a folder on another disk.',
    });
    expect(readdirSync(disk)).toEqual([]);
  });
});
