import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GeneratorSummary } from '../../../src/api/answers.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';
import { adaFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { type InnerServer, startInnerServer } from '../../support/our-server.ts';
import { insertProject } from '../../support/store-rows.ts';
import { TINY_SETTINGS, type TinyOptions, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');

let server: InnerServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beside-'));
  server = await startInnerServer({ name: 'beside', labelStudio: 'http://127.0.0.1:9', dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A command in a process of its own, on the server's data folder, as someone types it in another shell. */
function datasetgan(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const { hostname, port } = new URL(server.url);
  const env = { ...process.env, DATA_DIR: join(folder, 'data'), HOST: hostname, PORT: port };
  return new Promise((done) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      done({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
const names = async () => (await server.api<GeneratorSummary[]>('GET', '/api/generators')).map(({ name }) => name).sort();
const picture = async (name: string) => {
  const answer = await fetch(`${server.url}/api/generators/${name}/images/3.png`);
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : answer.status;
};
const checkpoint = (file: string, options: TinyOptions) =>
  writeFile(join(folder, file), adaFile(tinyStylegan2(options), TINY_SETTINGS));

it('is imported beside the running server, which has it at once', async () => {
  await checkpoint('cats.pkl', { noise: true });
  expect(await datasetgan('import', 'cats.pkl')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Imported as cats\n/),
  });
  expect(await names()).toEqual(['cats', 'portraits-256']);
  expect(await picture('cats')).toBeInstanceOf(Buffer);
});

it('is renamed beside it, and what ran with the old name goes on', async () => {
  const before = await picture('cats');
  const generator = await server.product.generators.find('cats');
  expect(await datasetgan('generators', 'rename', 'cats', 'felines')).toMatchObject({
    status: 0,
    stdout: 'cats is now felines\n',
  });
  expect(await names()).toEqual(['felines', 'portraits-256']);
  expect(await picture('felines')).toEqual(before);
  expect(await picture('cats')).toBe(404);
  // In a thread that has not loaded it yet.
  const image = { generator: generator.card.id, seed: 3, class: null, psi: 0.7, cutoff: null };
  const made = await server.product.engine.run(synthesizeImageTask, { generator, image }, { lane: 'batch' });
  expect(made).toMatchObject({ width: 16, height: 16 });
});

it('leaves its old name to another', async () => {
  await checkpoint('other.pkl', { channels: [4, 2] });
  const imported = await datasetgan('import', 'other.pkl', '--name', 'cats');
  expect(imported).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Imported as cats\n/) });
  expect(await names()).toEqual(['cats', 'felines', 'portraits-256']);
  expect((await datasetgan('generators')).stdout).toMatch(/^cats {2}stylegan2 {2}8 px/m);
  expect(JSON.parse((await datasetgan('generators', 'show', 'felines')).stdout)).toMatchObject({
    name: 'felines',
    resolution: 16,
  });
  expect(await picture('cats')).not.toEqual(await picture('felines'));
});

it('is not removed while a project uses it, with the name of the project; then the server has it no more', async () => {
  const { db } = server.product.store;
  await insertProject(db, { title: 'All my cats', generator: 'felines' });
  const refused = await datasetgan('generators', 'remove', 'felines');
  expect(refused).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/use the generator 'felines': 'All my cats' \(\d+\)\.\n→/),
  });
  expect(await datasetgan('generators', 'remove', 'cats')).toMatchObject({ status: 0, stdout: 'cats is removed\n' });
  expect(await names()).toEqual(['felines', 'portraits-256']);
  expect(await picture('cats')).toBe(404);
  expect(await picture('felines')).toBeInstanceOf(Buffer);
});

it('says where to look when the data folder has a server, but not at this address', async () => {
  const env = { ...process.env, DATA_DIR: join(folder, 'data'), PORT: '9' };
  const stderr = await new Promise<string>((done) => {
    execFile(process.execPath, [MAIN, 'generators', 'remove', 'felines'], { env }, (_, __, text) => done(text));
  });
  expect(stderr).toMatch(
    /No DatasetGAN server answers at http:\/\/127\.0\.0\.1:9\.\n→ .*set DATA_DIR to its folder, or HOST and PORT\./,
  );
});
