import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataFolder } from '../../../src/jobs/product/data-folder.ts';
import { privateFolder } from '../../../src/store/private-folder.ts';
import { has, mountSmallDisk } from '../../support/needs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'datasetgan-private-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const open = (path: string, as: number) => {
  chmodSync(path, as);
  return path;
};

test.skipIf(process.platform === 'win32')('a new data folder is for its owner alone', () => {
  const folder = join(root, 'new', 'data');
  expect(privateFolder(folder)).toEqual([]);
  expect(mode(folder)).toBe('700');
});

test.skipIf(process.platform === 'win32')('one of an earlier release is closed, once', () => {
  const folder = join(root, 'data');
  mkdirSync(folder, { recursive: true });
  // Whatever we make in it is known for ours.
  mkdirSync(new DataFolder(folder).besideGenerators);
  writeFileSync(join(folder, 'datasetgan.lock'), '');
  open(folder, 0o755);
  expect(privateFolder(folder)).toEqual([folder]);
  expect(mode(folder)).toBe('700');
  expect(privateFolder(folder)).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'of a folder with other things in it, or that many share, only what is ours is closed',
  () => {
    const folder = join(root, 'home');
    mkdirSync(join(folder, 'storage'), { recursive: true });
    open(join(folder, 'storage'), 0o755);
    writeFileSync(join(folder, 'notes.txt'), 'theirs');
    open(join(folder, 'notes.txt'), 0o644);
    open(folder, 0o755);
    expect(privateFolder(folder)).toEqual([join(folder, 'storage')]);
    expect([folder, join(folder, 'notes.txt'), join(folder, 'storage')].map(mode)).toEqual(['755', '644', '700']);

    const shared = open(join(root, 'home', 'storage'), 0o1777);
    expect(privateFolder(shared)).toEqual([]);
    expect(mode(shared)).toBe('777');
  },
);

test.runIf(has('smallDisk'))('a folder of generators on a read-only disk stays as it is', () => {
  const generators = new DataFolder(join(root, 'data')).generators;
  mountSmallDisk(generators, '64k');
  try {
    open(generators, 0o755);
    execFileSync('mount', ['-o', 'remount,ro', generators]);
    // So that each of ours is closed, not the folder as a whole.
    writeFileSync(join(root, 'data', 'notes.txt'), 'theirs');
    expect(privateFolder(join(root, 'data'))).toEqual([]);
    expect(mode(generators)).toBe('755');
  } finally {
    execFileSync('umount', [generators]);
  }
});
