import { fileURLToPath } from 'node:url';
import { DEFAULT_SETTINGS } from '../../../../src/interpreter/recipe.ts';
import { openGenerator } from '../../../../src/stylegan/generator.ts';
import type { ImageIdentity } from '../../../../src/stylegan/image-identity.ts';
import { PARTS } from '../../../../src/stylegan/portraits/parts.ts';
import { PORTRAITS_ID, truth } from '../../../../src/stylegan/portraits/truth.ts';

export const openPortraits = () =>
  openGenerator(fileURLToPath(new URL('../../../../model-assets/portraits-256', import.meta.url)));

export const labels: readonly string[] = [...PARTS];

export const portrait = (seed: number): ImageIdentity => ({ generator: PORTRAITS_ID, seed, class: null, psi: 1, cutoff: null });

const known = new Map<number, Uint8Array>();

/** The exact parts of a portrait; `without` turns some labels into background, as if nobody had drawn them yet. */
export function truthMap(seed: number, without: readonly string[] = []) {
  let data = known.get(seed);
  if (data === undefined) {
    data = truth(portrait(seed)).data;
    known.set(seed, data);
  }
  const hidden = new Set(without.map((label) => labels.indexOf(label)));
  return { width: 256, height: 256, data: data.map((label) => (hidden.has(label) ? 0 : label)) };
}

/** What a training is told beside its images and files. */
export const trainingOptions = {
  labels,
  keypoints: [],
  psi: 1,
  cutoff: null,
  classRule: 'none',
  settings: DEFAULT_SETTINGS,
  seed: 0,
  trainMemory: 0.75e9,
};

export const annotated = (seeds: readonly number[], without: readonly string[] = []) =>
  seeds.map((seed) => ({ image: portrait(seed), labelMap: truthMap(seed, without), keypoints: null }));
