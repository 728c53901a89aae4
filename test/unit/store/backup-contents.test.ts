import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataFolder } from '../../../src/jobs/product/data-folder.ts';
import { KEPT } from '../../../src/store/backup/backup-contents.ts';

/** Made again from what is kept, or read again. */
const LEFT_OUT = ['checkpoints', 'features', 'photos', 'uploads'];

test('every folder of a data folder is kept in a backup, or can be made again', () => {
  const root = mkdtempSync(join(tmpdir(), 'datasetgan-data-folder-'));
  try {
    new DataFolder(root);
    const lost = readdirSync(root).filter((name) => !(KEPT as readonly string[]).includes(name));
    expect(lost.sort()).toEqual(LEFT_OUT);
  } finally {
    rmSync(root, { recursive: true });
  }
});
