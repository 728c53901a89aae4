import { rm } from 'node:fs/promises';
import { readTensorFile, writeTensorFile } from '../learning/tensor-file.ts';
import type { NetworkShape } from '../network-shape.ts';
import { progressShapes } from '../network-shape.ts';
import type { Progress } from './train-ensemble.ts';

/** Where a training stands, so that one killed goes on and gives the bytes of an unbroken one. */
export async function writeCheckpoint(
  file: string,
  id: string,
  shape: NetworkShape,
  { step, state, summed, losses }: Progress,
): Promise<void> {
  const tensors = progressShapes(shape).map(({ name, dims }) => [name, { dims, data: state.get(name)! }] as const);
  await writeTensorFile(file, new Map(tensors), { id, step, summed, losses });
}

/** The checkpoint of version `id`; undefined when there is none, it belongs to another version, or it is damaged. */
export async function readCheckpoint(file: string, id: string, shape: NetworkShape): Promise<Progress | undefined> {
  try {
    const { metadata, tensors } = await readTensorFile(file);
    const { id: owner, step, summed, losses } = metadata as { id: string; step: number; summed: number; losses: number[] };
    if (owner !== id) return undefined;
    const state = new Map<string, Float32Array>();
    for (const { name, dims } of progressShapes(shape)) {
      const tensor = tensors.get(name);
      if (tensor === undefined || tensor.dims.join() !== dims.join()) return undefined;
      state.set(name, tensor.data);
    }
    return { step, state, summed, losses };
  } catch {
    return undefined;
  }
}

export const deleteCheckpoint = (file: string): Promise<void> => rm(file, { force: true });
