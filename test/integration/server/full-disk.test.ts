import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../../src/api/answers.ts';
import { adaFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { has, mountSmallDisk } from '../../support/needs.ts';
import { startOuterServer } from '../../support/our-server.ts';
import { stopCopying } from '../../support/stop-copying.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { until } from '../../support/until.ts';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-refused-'));
const disk = join(folder, 'disk');
const taken = createServer();
beforeAll(async () => {
  mkdirSync(disk);
  // A server needs 256 MB free to take on work.
  if (has('smallDisk')) mountSmallDisk(disk, '420m');
  await new Promise<void>((ready) => taken.listen(0, '127.0.0.1', ready));
});
afterAll(async () => {
  await new Promise((closed) => taken.close(closed));
  if (has('smallDisk')) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** Leaves so many bytes free on the disk; gives the function that frees the rest again. */
function fill(free: number): () => void {
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - free));
  return () => rmSync(filler);
}

/** `datasetgan serve` to its end. */
async function serveUntilEnd(env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, said };
}

test.runIf(has('smallDisk'))(
  'for want of disk: the reason is printed, the process ends, and the folder is free again',
  async () => {
    const settings = { DATA_DIR: join(disk, 'data'), PORT: '0' };
    const free = fill(200e6);
    for (let start = 1; start <= 2; start++) {
      const { code, said } = await serveUntilEnd(settings);
      expect(said).toMatch(/^Only \d+ MB are free on the disk that holds .*; 256 MB are needed\.\n→ Free some space/);
      expect(code).toBe(1);
    }
    free();
  },
);

test.runIf(has('smallDisk'))('a disk that gets full while the server works fails the job, and the server lives on', async () => {
  const server = await startOuterServer({ name: 'full-disk', labelStudio: 'http://127.0.0.1:9', dataDir: join(disk, 'data') });
  const file = join(folder, 'tiny.pkl');
  writeFileSync(file, Buffer.alloc(3e6, adaFile(tinyStylegan2({ noise: true }), TINY_SETTINGS)));
  const ended = async ({ id }: Job) =>
    until('the job has ended', async () => {
      const job = await server.api<Job>('GET', `/api/jobs/${id}`);
      return job.state === 'failed' && job;
    });
  try {
    const job = await server.api<Job>('POST', '/api/generators', { file });
    const goOn = await stopCopying(file);
    const free = fill(1e6);
    goOn();
    expect(await ended(job)).toMatchObject({ error: { code: 'disk-full', fix: expect.stringContaining('Free some space') } });
    expect((await fetch(`${server.url}/readyz`)).ok).toBe(true);
    await expect(server.api('POST', '/api/generators', { file })).rejects.toThrow('507');
    free();
    // What is wrong with it now is the file.
    expect(await ended(await server.api<Job>('POST', '/api/generators', { file }))).toMatchObject({
      error: { code: expect.stringMatching(/^checkpoint-/) },
    });
  } finally {
    await server.stop();
  }
});

test.runIf(has('smallDisk'))('an upload that the disk has no room for is refused, before it is written or while', async () => {
  const server = await startOuterServer({ name: 'full-disk', labelStudio: 'http://127.0.0.1:9', dataDir: join(disk, 'data') });
  const free = fill(300e6);
  const send = (body: Uint8Array | ReadableStream) =>
    fetch(`${server.url}/api/generators/upload?filename=cats.pkl`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: body as NonNullable<RequestInit['body']>,
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
    });
  try {
    // The second does not say how long it is.
    for (const body of [new Uint8Array(20e6), new Blob([new Uint8Array(70e6)]).stream()]) {
      const answer = await send(body);
      expect(answer.status).toBe(507);
      expect(await answer.json()).toMatchObject({
        error: { code: 'disk-full', fix: expect.stringContaining('send the file again') },
      });
      expect(readdirSync(join(disk, 'data/uploads'))).toEqual([]);
    }
    expect((await fetch(`${server.url}/readyz`)).ok).toBe(true);
  } finally {
    free();
    await server.stop();
  }
});

test('for a port that is taken: everything is open by then, and all of it is closed', async () => {
  const { port } = taken.address() as AddressInfo;
  const { code, said } = await serveUntilEnd({ DATA_DIR: join(folder, 'other'), PORT: String(port) });
  expect(said).toContain(`Another program uses port ${port} on 127.0.0.1`);
  expect(code).toBe(1);
});
