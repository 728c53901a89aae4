import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { contactSheet } from '../../stylegan/contact-sheet.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import { encodePictureTask } from '../engine-tasks/encode-png.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';

const SAMPLES = 8;
const COLUMNS = 4;

/** The sheet that the import drew; undefined where there is none. */
export function importedSamples({ folder }: Generator): Promise<Uint8Array | undefined> {
  return readFile(join(folder, 'samples.png')).catch(() => undefined);
}

/** PNG of the pictures of seeds 0 … 7, the classes taking turns. */
export async function drawSamples(engine: Engine, generator: Generator, signal?: AbortSignal): Promise<Uint8Array> {
  const { id, cDim, psi, cutoff } = generator.card;
  const run = { lane: 'interactive', memory: synthesisMemory(generator.card), signal } as const;
  const pictures = [];
  for (let seed = 0; seed < SAMPLES; seed++) {
    const image = { generator: id, seed, class: cDim === 0 ? null : seed % cDim, psi, cutoff };
    pictures.push(await engine.run(synthesizeImageTask, { generator, image }, run));
  }
  return engine.run(encodePictureTask, contactSheet(pictures, COLUMNS), { lane: 'codec', priority: PRIORITY.interactive });
}
