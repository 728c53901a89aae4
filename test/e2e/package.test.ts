import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/our-server.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
let datasetgan: string;

/** As a user does it who has no repository: an empty folder, an empty npm cache, no install scripts. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-package-'));
  await run('npm', ['run', 'build'], { cwd: ROOT });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const options = ['--prefix', folder, '--cache', join(folder, 'cache'), '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', '--global', ...options, join(folder, archive!)], { cwd: folder });
  datasetgan = join(folder, 'bin/datasetgan');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the package carries compiled JavaScript and the bundled generator, and no sources', async () => {
  const installed = join(folder, 'lib/node_modules/label-studio-datasetgan');
  expect(existsSync(join(installed, 'dist/main.js.map'))).toBe(true);
  expect(existsSync(join(installed, 'model-assets/portraits-256/synthesis.onnx'))).toBe(true);
  expect(existsSync(join(installed, 'src'))).toBe(false);
  expect(existsSync(join(installed, 'test'))).toBe(false);
});

test('the installed command does the whole loop', async () => {
  const { stdout } = await run(datasetgan, ['demo', '--headless', '--annotations', '1', '--pairs', '2'], { cwd: folder });
  expect(stdout).toContain('dataset of 2 pairs');
  const dataset = join(folder, 'data/demo/headless/dataset');
  expect(await readdir(join(dataset, 'masks'))).toHaveLength(2);
  expect(JSON.parse(await readFile(join(dataset, 'dataset.json'), 'utf8'))).toMatchObject({ title: 'DatasetGAN demo: 2 pairs' });
});

test('the installed command serves the page, compiled', async () => {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), DATA_DIR: join(folder, 'served') };
  const server = spawn(datasetgan, ['serve'], { cwd: folder, env, stdio: 'ignore' });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until('it serves', async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok);
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('src="/dashboard/main.js"');
    for (const path of ['main.js', 'routes.js', 'pages/start/start-page.js', 'style/base.css', 'packages/preact.js', 'icon.svg'])
      expect((await fetch(`${url}/dashboard/${path}`)).status, path).toBe(200);
  } finally {
    server.kill('SIGTERM');
    await new Promise((ended) => server.once('exit', ended));
  }
});
