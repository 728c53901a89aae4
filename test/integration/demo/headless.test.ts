import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderPortrait } from '../../../src/stylegan/portraits/render.ts';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const ARGS = ['demo', '--headless', '--annotations', '1', '--pairs', '3'];
const MINUTES = 60_000;
/** Of the parts in their order, as the label config has them. */
const COLOURS = '#f2f2f2 #e6194b #ffe119 #f58231 #bfef45 #4363d8 #42d4f4 #911eb4 #9a6324 #3cb44b #f032e6 #469990'.split(' ');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

function demo(args = ARGS): Run {
  const env = { PATH: process.env.PATH, DATA_DIR: folder };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return { child, said: () => text, ended: once(child, 'close').then(([code]) => code as number | null) };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((again) => setTimeout(again, 20));
}

const result = (file: string) => join(folder, 'demo', 'headless', file);
const versions = () => readdir(result('work/versions')).catch(() => []);
/** Of sampled pixels: what a training leaves before its first step. */
const features = () => readdir(result('work/features')).catch(() => []);

test('stopped in the middle, it ends in order and says so', { timeout: 5 * MINUTES }, async () => {
  const run = demo();
  await until(async () => run.child.exitCode !== null || (await features()).length > 0);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.said()).toMatch(/Stopped\. Run the demo again to continue from here\.\n$/);
  expect(await versions()).toEqual([]);
});

test('it annotates, measures, makes the dataset and the contact sheet, and says what it left out', {
  timeout: 10 * MINUTES,
}, async () => {
  const run = demo();
  expect(await run.ended, run.said()).toBe(0);
  const [, version, mIoU] = /annotation 1 of 1: version (dg-[0-9a-f]{12}), mIoU (0\.\d{3})/.exec(run.said()) ?? [];
  expect(await versions()).toEqual([`${version}.bin`]);
  expect(Number(mIoU)).toBeGreaterThan(0.4);
  expect(run.said()).toMatch(new RegExp(`\\n\\s+1   ${mIoU?.replace('.', '\\.')} .*${version}\\n`));
  expect(run.said()).toContain('Not included, because there is no Label Studio');

  const images = await readdir(result('dataset/images'));
  expect(images).toHaveLength(3);
  expect(await readdir(result('dataset/masks'))).toEqual(images);
  const { pairs, parts } = JSON.parse(await readFile(result('dataset/dataset.json'), 'utf8'));
  expect(pairs.map(({ seed }: { seed: number }) => `seed-${seed}.png`)).toEqual(images);
  expect(parts[0].plan).toMatchObject({ version, count: 3, seedStart: 1_000_000 });
  // Seed 0 is annotated; the other fifteen tasks are predicted.
  expect(await readdir(result('tasks/masks'))).toHaveLength(15);
  expect(await readdir(result('tasks/masks'))).not.toContain('seed-0.png');
});

test('the contact sheet shows the truth, and a prediction that mostly agrees with it', async () => {
  const { data, info } = await sharp(result('contact-sheet.png')).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([104 + 4 * 262, 64 + 6 * 262 + 56]);
  const colourAt = (column: number, row: number, pixel: number) => {
    const at = 3 * ((64 + row * 262 + (pixel >> 8)) * info.width + 104 + column * 262 + (pixel & 255));
    return `#${Buffer.from(data.subarray(at, at + 3)).toString('hex')}`;
  };
  for (const row of [0, 5]) {
    const truth = [...renderPortrait(500_000 + row).mask.data].map((part) => COLOURS[part]);
    const shown = (column: number) => truth.map((_, pixel) => colourAt(column, row, pixel));
    expect(shown(1)).toEqual(truth);
    const predicted = shown(2);
    expect([...new Set(predicted)].filter((colour) => !COLOURS.includes(colour))).toEqual([]);
    const right = predicted.filter((colour, pixel) => colour === truth[pixel]).length;
    expect(right / truth.length).toBeGreaterThan(0.8);
    // A picture and an uncertainty, not flat areas.
    expect(new Set(shown(0)).size).toBeGreaterThan(1000);
    expect(new Set(shown(3)).size).toBeGreaterThan(50);
  }
});

test('run again, it resumes what is there', { timeout: 5 * MINUTES }, async () => {
  const before = await readFile(result('dataset/dataset.json'), 'utf8');
  const sheet = await readFile(result('contact-sheet.png'));
  const run = demo();
  expect(await run.ended, run.said()).toBe(0);
  expect(run.said()).toContain('1 annotated in an earlier run');
  expect(run.said()).toContain('dataset of 3 pairs, made in an earlier run');
  expect(await readFile(result('dataset/dataset.json'), 'utf8')).toBe(before);
  expect((await readFile(result('contact-sheet.png'))).equals(sheet)).toBe(true);
});

test('an option that is wrong is one line and its fix', async () => {
  const run = demo(['demo', '--annotations', 'x']);
  expect(await run.ended).toBe(1);
  expect(run.said()).toBe('--annotations x is not valid.\n→ It must be a whole number from 1 to 16.\n');
});
