import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { predict } from '../../../src/interpreter/inference/predict.ts';
import type { MarkedKeypoints } from '../../../src/keypoints/keypoint.ts';
import { encodeIndexPng, encodeRgbPng } from '../../../src/masks/png/png.ts';
import type { LabelledFile } from '../../../src/student/labelled-file.ts';
import type { Generator } from '../../../src/stylegan/generator.ts';
import { renderPortrait } from '../../../src/stylegan/portraits/render.ts';
import { portrait } from '../../integration/interpreter/support/portraits.ts';
import { benchContext } from './bench-context.ts';

/** A pair in files, and how uncertain it is. */
export interface BenchPair extends LabelledFile {
  readonly seed: number;
  readonly js: number;
}

const context = benchContext(2);

/** Writes a file unless an earlier run has. */
async function pairOf(
  folder: string,
  seed: number,
  make: () => Promise<{ rgb: Uint8Array; map: Uint8Array; keypoints: MarkedKeypoints | null; js: number }>,
): Promise<BenchPair> {
  const picture = join(folder, `${seed}.png`);
  const map = join(folder, `${seed}.map.png`);
  const facts = join(folder, `${seed}.json`);
  if (!existsSync(facts)) {
    mkdirSync(folder, { recursive: true });
    const { rgb, map: data, keypoints, js } = await make();
    writeFileSync(picture, await encodeRgbPng(rgb, 256, 256));
    writeFileSync(map, await encodeIndexPng({ width: 256, height: 256, data }));
    writeFileSync(`${facts}.tmp`, JSON.stringify({ keypoints, js }));
    renameSync(`${facts}.tmp`, facts);
  }
  const known = JSON.parse(readFileSync(facts, 'utf8')) as Pick<BenchPair, 'keypoints' | 'js'>;
  return { seed, picture, map, ...known };
}

/** The renderer's own picture of a seed with its truth: no StyleGAN has seen it. It stands in for a photograph. */
export function renderedPair(folder: string, seed: number): Promise<BenchPair> {
  return pairOf(folder, seed, async () => {
    const { image, mask, keypoints } = renderPortrait(seed, { image: true });
    const rgb = Uint8Array.from({ length: 3 * 256 * 256 }, (_, i) => {
      const value = image![(i % 3) * 256 * 256 + Math.floor(i / 3)]!;
      return Math.min(255, Math.max(0, Math.trunc(127.5 * value + 128)));
    });
    return { rgb, map: mask.data, keypoints: keypoints.map(({ x, y, visible }) => (visible ? { x, y } : null)), js: 0 };
  });
}

/** A picture of portraits-256 as a version labels it. */
export function synthesizedPair(folder: string, generator: Generator, versionFile: string, seed: number): Promise<BenchPair> {
  return pairOf(folder, seed, async () => {
    const { rgb, labelMap, js } = await predict({ generator, image: portrait(seed), versionFile }, context);
    return { rgb, map: labelMap, keypoints: null, js };
  });
}

/** The same picture with the truth of its seed, which generated pictures follow closely. */
export async function truePair(folder: string, pair: BenchPair): Promise<BenchPair> {
  const map = join(folder, `${pair.seed}.map.png`);
  if (!existsSync(map)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(map, await encodeIndexPng(renderPortrait(pair.seed).mask));
  }
  return { ...pair, map, js: 0 };
}
