import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { makeFolders } from '../make-folders.ts';
import { onDisk } from '../on-disk.ts';
import { encodeNpyHeader, readNpy } from './checkpoint/npy.ts';
import { type Generator, readGeneratorFile } from './generator.ts';
import { stylesOfLatent } from './styles.ts';
import { synthesisMemory } from './synthesis-memory.ts';
import type { FloatTensor } from './tensor-map.ts';

export interface SampleLayersInput {
  readonly generator: Generator;
  /** .npy of latents [N, zDim] */
  readonly zFile: string;
  /** .npy of class vectors [N, cDim], where there are classes */
  readonly cFile: string | undefined;
  readonly psi: number;
  /** null: psi acts on all layers. */
  readonly cutoff: number | null;
  /** Where the arrays go. */
  readonly folder: string;
}

/**
 * Writes what the source network computes of given latents, as .npy of float32: `ws.npy` [N, num_ws, w], `image.npy` [N, 3, R, R], not clipped, and
 * `taps/NAME.npy` [N, C, r, r] of every layer, whichever of them the generator's feature vectors are made of. Gives the names of the files.
 * @throws DatasetGanError `bad-request` for arrays that do not fit, `checkpoint-*` for files that are no .npy, `not-found`, `corrupt-file`
 */
export async function sampleLayers(input: SampleLayersInput, context: EngineContext): Promise<string[]> {
  const { generator, psi, cutoff, folder } = input;
  const { id, zDim, cDim, wDim, numWs } = generator.card;
  const z = await rowsOf(input.zFile, zDim, 'the latents');
  if (cDim > 0 && input.cFile === undefined)
    throw new DatasetGanError('bad-request', `This generator has ${cDim} classes.`, { fix: 'Pass their vectors: --c c.npy.' });
  if (cDim === 0 && input.cFile !== undefined)
    throw new DatasetGanError('bad-request', 'This generator has no classes.', { fix: 'Omit --c.' });
  const c = input.cFile === undefined ? undefined : await rowsOf(input.cFile, cDim, 'the class vectors');
  const [count] = z.dims as [number];
  if (c !== undefined && c.dims[0] !== count)
    throw new DatasetGanError('bad-request', `There are ${count} latents, but ${c.dims[0]} class vectors.`);
  await onDisk(folder, () => makeFolders(join(folder, 'taps')));
  const memory = 2 * synthesisMemory(generator.card);
  const session = await context.session(`layers ${id}`, memory, () => readGeneratorFile(generator, 'synthesis.onnx'));
  // Of a layer with a margin, all of it and not only the part that is the picture.
  const wanted = session.outputNames.filter(
    (name) => !session.outputNames.includes(name.replace(/^tap\./, 'layer.')) || !name.startsWith('tap.'),
  );
  const written = new Set<string>();
  for (let n = 0; n < count; n++) {
    const latents = { z: row(z, n), c: c === undefined ? undefined : row(c, n), psi, cutoff };
    const ws = await stylesOfLatent(context, generator, latents);
    const outputs = await session.run({ ws: new Tensor('float32', ws, [1, numWs, wDim]) }, wanted);
    const arrays = [
      { name: 'ws', dims: [numWs, wDim], data: ws },
      ...Object.entries(outputs).map(([name, { dims, data }]) => ({
        name: name.replace(/^(?:tap|layer)\./, 'taps/'),
        dims: dims.slice(1),
        data: data as Float32Array,
      })),
    ];
    for (const { name, dims, data } of arrays) {
      const file = `${name}.npy`;
      const header = n === 0 ? encodeNpyHeader([count, ...dims]) : undefined;
      await onDisk(folder, () => append(join(folder, file), data, header));
      written.add(file);
    }
    await context.checkpoint();
  }
  return [...written];
}
export const sampleLayersTask = engineTask(import.meta.url, sampleLayers);

const row = ({ dims, data }: FloatTensor, n: number) => data.slice(n * dims[1]!, (n + 1) * dims[1]!);

async function rowsOf(file: string, width: number, what: string): Promise<FloatTensor> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new DatasetGanError('not-found', `The file ${file} cannot be read: ${cause.message}.`, {
      fix: 'Check its path.',
      cause,
    });
  });
  const tensor = readNpy(bytes);
  if (tensor.dims.length === 2 && tensor.dims[1] === width && tensor.dims[0]! > 0) return tensor;
  throw new DatasetGanError('bad-request', `The array of ${what} is [${tensor.dims}], expected [N, ${width}].`);
}

/** A header begins the file again. */
async function append(file: string, data: Float32Array, header: Uint8Array | undefined): Promise<void> {
  const handle = await open(file, header === undefined ? 'a' : 'w');
  try {
    if (header !== undefined) await handle.writeFile(header);
    await handle.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } finally {
    await handle.close();
  }
}
