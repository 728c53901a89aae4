import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { readNpy } from './checkpoint/npy.ts';
import { readCheckpoint } from './checkpoint/read-checkpoint.ts';
import { averageLatent } from './convert/average-latent.ts';
import { convertCheckpoint } from './convert/convert-checkpoint.ts';
import type { ConvertedNetwork } from './convert/converted-network.ts';
import { AVERAGED, estimateAverage } from './estimate-average.ts';
import type { Generator } from './generator.ts';
import { type SourceFingerprint, sourceFingerprint } from './known-source.ts';
import { synthesisMemory } from './synthesis-memory.ts';
import { type GeneratorDescription, writeGenerator } from './write-generator.ts';

export interface ConvertFileInput {
  /** The checkpoint. */
  readonly file: string;
  /** A .npy file with the mean of w, which goes before the checkpoint's own. */
  readonly averageFile?: string | undefined;
  /** The generator folder to write; must not exist. */
  readonly folder: string;
  /** Bytes that the generator may need. */
  readonly memoryLimit: number;
  readonly description: Omit<GeneratorDescription, 'cutoff' | 'source'>;
}

export interface ConvertedFile {
  readonly generator: Generator;
  /** Program and kind of the network. */
  readonly origin: string;
  readonly file: { readonly bytes: number; readonly sha256: string };
  readonly code: SourceFingerprint | null;
  /** Where the mean of w is from. */
  readonly average: string;
}

/**
 * Turns a checkpoint into a generator folder, in a worker thread. Nothing of the file is run.
 * @throws DatasetGanError `not-found`, `checkpoint-*`, `bad-generator`, `bad-request` for options that do not fit, `out-of-memory`, `disk-full`
 */
export async function convertFile(input: ConvertFileInput, context: EngineContext): Promise<ConvertedFile> {
  const { network, ...file } = await readNetwork(input.file);
  await context.checkpoint();
  const average = await completeAverage(network, input.averageFile, context);
  const graphs = network.build(network.tensors);
  const memory = synthesisMemory({ family: graphs.family, taps: graphs.tapSets.default });
  if (memory > input.memoryLimit) throw tooLarge(memory, input.memoryLimit);
  const source = `${network.origin}; sha256 of the checkpoint ${file.sha256}`;
  const note = [input.description.note, ...network.notes, ...average.notes].join(' ');
  const description = { ...input.description, cutoff: network.cutoff, source, note };
  const generator = await writeGenerator(input.folder, network.tensors, graphs, description);
  return { generator, origin: network.origin, file, code: sourceFingerprint(network.source), average: average.from };
}
export const convertFileTask = engineTask(import.meta.url, convertFile);

/** The file's bytes are let go when this returns: the network is a copy. */
async function readNetwork(file: string): Promise<{ network: ConvertedNetwork; bytes: number; sha256: string }> {
  const bytes = await readWhole(file);
  const network = convertCheckpoint(readCheckpoint(bytes), bytes.length);
  return { network, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Where a mean of w is from, and what the user should know of it. */
interface Average {
  readonly from: string;
  readonly notes: readonly string[];
}

async function completeAverage(network: ConvertedNetwork, file: string | undefined, context: EngineContext): Promise<Average> {
  const { tensors, wDim } = network;
  if (file !== undefined) {
    tensors.set('mapping.w_avg', averageLatent(readNpy(await readWhole(file)), wDim));
    return { from: 'given with --avg-latent', notes: [] };
  }
  if (tensors.has('mapping.w_avg')) return { from: 'in the checkpoint', notes: [] };
  tensors.set('mapping.w_avg', { dims: [wDim], data: new Float32Array(wDim) });
  tensors.set('mapping.w_avg', await estimateAverage(context, network.build(tensors)));
  const from = `estimated from ${AVERAGED} latents of seed 0`;
  return { from, notes: [`The checkpoint has no mean of w: it was ${from}.`] };
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_FS_FILE_TOO_LARGE')
      throw new DatasetGanError('out-of-memory', `The file ${file} is larger than 2 GiB.`, {
        fix: 'Save only the generator’s moving average, without discriminator and optimisers.',
        cause,
      });
    throw new DatasetGanError('not-found', `The file ${file} cannot be read: ${message}.`, { fix: 'Check its path.', cause });
  }
}

function tooLarge(memory: number, limit: number): DatasetGanError {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return new DatasetGanError('out-of-memory', `This generator needs ${gigabytes(memory)}; the limit is ${gigabytes(limit)}.`, {
    fix: 'Raise MEMORY_LIMIT, or use a machine with more memory.',
  });
}
