import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { stdoutTarget } from '../../../src/cli/stdout-target.ts';
import { untar } from '../../../src/export/targets/untar.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { portraitDataset, runHere } from '../../support/export-pairs.ts';

test('a whole export as a tar, its last file the checksums', async () => {
  const chunks: Uint8Array[] = [];
  const out = new Writable({
    write(chunk: Uint8Array, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  await writeFormats(['index-png'], portraitDataset(2), stdoutTarget(out), { run: runHere });
  const files: string[] = [];
  const target = {
    write: async (path: string) => void files.push(path),
    open: async (path: string) => ({ append: async () => void files.push(path), close: async () => undefined }),
    finish: async () => undefined,
    discard: async () => undefined,
  };
  await untar(Readable.from(chunks), target);
  expect(files).toContain('images/seed-0.png');
  expect(files.at(-1)).toBe('SHA256SUMS');
});

test('a terminal is refused', () => {
  const terminal = Object.assign(new Writable(), { isTTY: true });
  expect(() => stdoutTarget(terminal)).toThrow('The output is binary, not for a terminal.');
});

test('a reader that goes away ends it', async () => {
  const out = new Writable({ write: (_, __, done) => done(new Error('write EPIPE')) });
  await expect(writeFormats(['index-png'], portraitDataset(2), stdoutTarget(out), { run: runHere })).rejects.toMatchObject({
    code: 'bad-request',
    message: 'Writing to the standard output failed: write EPIPE',
  });
});
