import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import { decodeIndexPng, encodeIndexPng } from '../../../src/masks/png/png.ts';
import { DISC_LABELS, type DiscPhoto, drawDiscs, randomBackbone } from './support/disc-photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-label-photos-'));
const [annotated, photos, out] = ['annotated', 'photos', 'out'].map((name) => join(folder, name)) as [string, string, string];
let unseen: DiscPhoto;

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', join(folder, 'data'));
  for (const made of [join(annotated, 'images'), join(annotated, 'masks'), photos]) mkdirSync(made, { recursive: true });
  await randomBackbone(join(folder, 'data', 'backbones'));
  for (const [name, width] of [
    ['a', 200],
    ['b', 260],
  ] as const) {
    const { map } = await drawDiscs(join(annotated, 'images'), name, width, 200);
    writeFileSync(join(annotated, 'masks', `${name}.png`), await encodeIndexPng(map));
  }
  const labels = DISC_LABELS.map((name, value) => ({ value, name }));
  writeFileSync(join(annotated, 'labels.json'), JSON.stringify({ labels, ignore: 255 }));
  unseen = await drawDiscs(photos, 'c', 300, 200);
  writeFileSync(join(photos, 'broken.jpg'), 'no picture');
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  try {
    const code = await runCommandLine(args);
    return { code, said: written.flatMap(({ mock }) => mock.calls.map(([text]) => String(text))).join('') };
  } finally {
    for (const spy of written) spy.mockRestore();
  }
}

test('masks of a folder of photographs at their own sizes, the broken one named', async () => {
  const { code, said } = await run('label-photos', photos, '--annotated', annotated, '--out', out, '--backbone', 'random');
  expect(said).toContain('broken.jpg is left out');
  expect(said).toContain('on 2 photographs');
  expect(code).toBe(0);
  expect(readdirSync(join(out, 'masks'))).toEqual(['c.png']);
  const mask = await decodeIndexPng(readFileSync(join(out, 'masks/c.png')));
  expect([mask.width, mask.height]).toEqual([300, 200]);
  const right = mask.data.filter((label, i) => label === unseen.map.data[i]).length;
  expect(right / mask.data.length).toBeGreaterThan(0.85);
  const rows = readFileSync(join(out, 'predictions.jsonl'), 'utf8').trim().split('\n');
  expect(rows.map((row) => JSON.parse(row))).toMatchObject([{ photo: 'c.png', mask: 'masks/c.png', score: expect.any(Number) }]);
});

test.each([
  ['a backbone that is not there', ['--backbone', 'none'], "There is no backbone 'none'. There are: random."],
  ['a size that it does not take', ['--backbone', 'random', '--size', '100'], 'does not take pictures of 100 px'],
])('%s is refused', async (_, options, message) => {
  await expect(run('label-photos', photos, '--annotated', annotated, '--out', out, ...options)).rejects.toThrow(message);
});

test('a mask with a label that labels.json lacks is named', async () => {
  writeFileSync(join(annotated, 'masks', 'a.png'), await encodeIndexPng({ width: 2, height: 1, data: Uint8Array.of(0, 9) }));
  const labelling = run('label-photos', photos, '--annotated', annotated, '--out', out, '--backbone', 'random');
  await expect(labelling).rejects.toThrow('the label 9');
});
