import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { encodeIndexPng } from '../../../src/masks/png/png.ts';
import { DISC_LABELS, drawDiscs, randomBackbone } from '../photos/support/disc-photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-student-command-'));
const [pairs, annotated] = ['pairs', 'annotated'].map((name) => join(folder, name)) as [string, string];
const student = (...options: string[]) =>
  runCommandLine(['student', pairs, '--out', join(folder, 'made', 'student.safetensors'), '--backbone', 'random', ...options]);

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', join(folder, 'data'));
  await randomBackbone(join(folder, 'data', 'backbones'));
  for (const name of ['images', 'masks']) mkdirSync(join(pairs, name), { recursive: true });
  const { map } = await drawDiscs(join(pairs, 'images'), 'a', 120, 120);
  writeFileSync(join(pairs, 'masks', 'a.png'), await encodeIndexPng(map));
  writeFileSync(join(pairs, 'labels.json'), labelsJson(DISC_LABELS));
  cpSync(pairs, annotated, { recursive: true });
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const labelsJson = (labels: readonly string[]) => JSON.stringify({ labels: labels.map((name, value) => ({ value, name })) });

test('photographs with other labels than the pairs are refused, and both are named', async () => {
  writeFileSync(join(annotated, 'labels.json'), labelsJson(['background', 'green', 'red']));
  await expect(student('--annotated', annotated)).rejects.toMatchObject({
    code: 'bad-annotation',
    message: expect.stringContaining('background, green, red instead of background, red, green'),
  });
});

test('a pair without its mask is named', async () => {
  rmSync(join(pairs, 'masks', 'a.png'));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await expect(student()).rejects.toMatchObject({ message: expect.stringContaining('a.png') });
  } finally {
    said.mockRestore();
  }
});
