import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeNpyHeader, readNpy } from '../../../src/stylegan/checkpoint/npy.ts';
import { adaFile } from '../../support/checkpoint-writers/stylegan2-files.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';

const root = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(root, { recursive: true }));

const MAIN = join(import.meta.dirname, '../../../src/main.ts');
function datasetgan(...args: string[]) {
  const env = { ...process.env, DATA_DIR: join(root, 'data'), MEMORY_LIMIT: '2GB' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: root, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('from a checkpoint to pictures and arrays, by the command line alone', () => {
  writeFileSync(join(root, 'tiny.pkl'), adaFile(tinyStylegan2({ noise: true }), TINY_SETTINGS));
  const imported = datasetgan('import', 'tiny.pkl', '--name', 'tiny', '--licence', 'CC0', '--rows', '4:12', '--label-size', '8');
  expect(imported.status, imported.stderr).toBe(0);
  expect(imported.stdout).toMatch(/^Imported as tiny\n/);
  expect(imported.stdout).toMatch(/^pictures {7}8 × 4 px, psi 0.7, cutoff none$/m);
  expect(imported.stdout).toMatch(/^licence {8}CC0$/m);
  expect(datasetgan('import', 'tiny.pkl', '--rows', '4:12', '--label-size', '8').stdout).toMatch(
    /^This network is already installed: tiny\n/,
  );

  expect(datasetgan('generators', 'list').stdout).toMatch(
    /^portraits-256 .*\ntiny {2}stylegan2 {2}16 px {2}14 features {2}CC0\n$/,
  );
  expect(JSON.parse(datasetgan('generators', 'show', 'tiny').stdout)).toMatchObject({ name: 'tiny', report: { licence: 'CC0' } });

  expect(datasetgan('sample', 'tiny', '--seeds', '0-2,7', '--psi', '0.5', '--out', 'sheet.png')).toMatchObject({
    status: 0,
    stderr: '',
  });
  const png = readFileSync(join(root, 'sheet.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([24, 8]);

  writeFileSync(
    join(root, 'z.npy'),
    Buffer.concat([encodeNpyHeader([1, 5]), new Uint8Array(Float32Array.of(1, 2, 3, 4, 5).buffer)]),
  );
  expect(datasetgan('sample', 'tiny', '--z', 'z.npy', '--psi', '1', '--cutoff', 'none', '--raw', 'raw').status).toBe(0);
  expect(readNpy(readFileSync(join(root, 'raw/taps/b16.torgb.npy'))).dims).toEqual([1, 3, 16, 16]);

  expect(datasetgan('generators', 'rename', 'tiny', 'small').status).toBe(0);
  expect(datasetgan('generators', 'remove', 'small').status).toBe(0);
  expect(datasetgan('generators').stdout).not.toMatch(/tiny|small/);
}, 120_000);

test.each<[string, RegExp, string[]]>([
  ['no file', /Missing required argument 'FILE'\.\n→/, ['import']],
  ['a file that is not there', /none\.pkl cannot be read/, ['import', 'none.pkl']],
  ['a file of this machine', /The file is plain text, not a network\.\n→ Use a \.pkl/, ['import', '/etc/hostname']],
  ['rows that are no range', /--rows 5 is not valid\.\n→ .*64:448/, ['import', 'x.pkl', '--rows', '5']],
  ['a psi that is no number', /--psi high is not valid\.\n→ It must be a number/, ['import', 'x.pkl', '--psi', 'high']],
  ['an unknown option', /--fast/, ['import', 'x.pkl', '--fast']],
  ['an unknown generator', /There is no generator 'none'/, ['sample', 'none']],
  ['seeds that are none', /--seeds 9-1 is not valid\.\n→ .*0-7/, ['sample', 'portraits-256', '--seeds', '9-1']],
  ['raw without latents', /--raw takes latents/, ['sample', 'portraits-256', '--raw', 'x']],
  ['a part of the product', /is bundled with the product/, ['generators', 'remove', 'portraits-256']],
])('refused in one sentence and what to do: %s', (_, message, args) => {
  const { status, stderr } = datasetgan(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
});
