import { join } from 'node:path';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import { writeGenerator } from '../../../src/stylegan/write-generator.ts';
import { TINY_SETTINGS } from '../../support/tiny-stylegan2.ts';
import { randomStylegan2 } from './random-stylegan2.ts';

/** Writes a StyleGAN2 with random weights (randomStylegan2) into a folder of generators. */
export function writeRandom(folder: string, name: string, resolution: number) {
  const tensors = randomStylegan2(resolution);
  const graphs = stylegan2Graphs(tensors, TINY_SETTINGS);
  const description = { name, psi: 0.7, cutoff: null, source: 'bench', licence: 'none', commercialUse: null, note: '' };
  return writeGenerator(join(folder, name), tensors, graphs, description);
}
