import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '../../src/stylegan/checkpoint/safetensors.ts';
import type { Generator } from '../../src/stylegan/generator.ts';
import { stylegan2Graphs } from '../../src/stylegan/graph/stylegan2.ts';
import { writeGenerator } from '../../src/stylegan/write-generator.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** Builds the generator folder from `portraits.safetensors`; the same bytes every time. */
export async function buildPortraits(folder: string): Promise<Generator> {
  const tensors = readSafetensors(await readFile(join(HERE, 'portraits.safetensors')));
  const graphs = stylegan2Graphs(tensors, { lrMultiplier: 1, resampleFilter: [1, 3, 3, 1], convClamp: null, epsilon: 1e-8 });
  return writeGenerator(folder, tensors, graphs, {
    name: 'portraits-256',
    psi: 1,
    cutoff: null,
    source: 'Made for this product: fitted to the procedural renderer in recipe/, without third-party data or weights.',
    licence: 'Apache-2.0',
    commercialUse: true,
    note: 'Fitted to a renderer of stylised portraits; made for trying, testing and measuring. Bring your own StyleGAN for real work.',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const temporary = await mkdtemp(join(HERE, '.build-'));
  try {
    const { card, folder } = await buildPortraits(join(temporary, 'portraits-256'));
    // The card comes last: until then it does not fit the files beside it, and the folder is refused.
    for (const file of [...Object.keys(card.files), 'generator.json']) await rename(join(folder, file), join(HERE, file));
    console.log(`${card.name} ${card.id}`);
  } finally {
    await rm(temporary, { recursive: true });
  }
}
