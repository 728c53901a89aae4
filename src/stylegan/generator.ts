import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { freeMemory } from '../engine/free-memory.ts';
import { DatasetGanError } from '../errors.ts';
import { decodeModel } from '../onnx/decode.ts';
import type { Model } from '../onnx/model.ts';
import { messageOf } from '../thrown.ts';
import { type GeneratorCard, generatorCardSchema } from './generator-card.ts';

/** A generator folder that was checked. Plain data: it is structured-cloned into worker threads. */
export interface Generator {
  readonly folder: string;
  /** Where to keep what is made of it while its own folder cannot be written. May not exist yet. */
  readonly spareFolder?: string;
  readonly card: GeneratorCard;
}

const REPAIR = 'Import the generator again. If it is the bundled one, restore its folder in model-assets.';

/**
 * Opens a generator folder: reads and checks `generator.json`, and the sha256 of every file it names.
 * @throws DatasetGanError `bad-generator` for a card that is missing or wrong, `corrupt-file` for a file that is missing or altered
 */
export async function openGenerator(folder: string): Promise<Generator> {
  const card = await readCard(folder);
  const generator = { folder, card };
  for (const file of Object.keys(card.files) as (keyof GeneratorCard['files'])[])
    freeMemory(await readGeneratorFile(generator, file));
  return generator;
}

/**
 * A file of the generator, its sha256 checked.
 * @throws DatasetGanError `corrupt-file`
 */
export async function readGeneratorFile({ folder, card }: Generator, file: keyof GeneratorCard['files']): Promise<Uint8Array> {
  const path = join(folder, file);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DatasetGanError('corrupt-file', `The generator '${card.name}' cannot read its file ${path}: ${messageOf(cause)}`, {
      fix: REPAIR,
      cause,
    });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== card.files[file])
    throw new DatasetGanError('corrupt-file', `The file ${path} of the generator '${card.name}' was altered or truncated.`, {
      fix: REPAIR,
    });
  // A plain view: slices of a Buffer would share its memory.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * The synthesis network: input `ws` [N, num_ws, w] → outputs `image` [N, 3, R, R], about -1 to 1 and not clipped, and `tap.NAME` [N, C, r, r]
 * of each layer, those of the card among them; `layer.NAME` too where a layer has a margin around the picture. A flat graph, so that
 * GraphBuilder.inline takes it.
 * @throws DatasetGanError `corrupt-file`
 */
export async function synthesisModel(generator: Generator): Promise<Model> {
  const bytes = await readGeneratorFile(generator, 'synthesis.onnx');
  try {
    // Decoded tensors are copies.
    return decodeModel(bytes);
  } catch (cause) {
    throw new DatasetGanError(
      'corrupt-file',
      `The file synthesis.onnx of '${generator.card.name}' is not an ONNX model of this program.`,
      {
        fix: REPAIR,
        cause,
      },
    );
  } finally {
    freeMemory(bytes);
  }
}

async function readCard(folder: string): Promise<GeneratorCard> {
  const path = join(folder, 'generator.json');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new DatasetGanError('bad-generator', `${path} cannot be read: ${messageOf(cause)}`, { fix: REPAIR, cause });
  }
  const parsed = generatorCardSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DatasetGanError('bad-generator', `${path} is wrong:\n${z.prettifyError(parsed.error)}`, { fix: REPAIR });
}
