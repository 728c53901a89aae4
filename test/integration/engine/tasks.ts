import { getPriority } from 'node:os';
import { Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../../../src/engine/task.ts';
import { DatasetGanError } from '../../../src/errors.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { type SynthesizeImageInput, synthesizeImage } from '../../../src/stylegan/synthesize-image.ts';

function doubling(): Uint8Array {
  const g = new GraphBuilder('double');
  const x = g.input('x', 'float32', ['N']);
  g.output(g.op('Add', [x, x]), 'float32', ['N'], 'y');
  return encodeModel(g.model());
}

export async function double(values: Float32Array, context: EngineContext): Promise<Float32Array> {
  const session = await context.session('double', 1000, doubling);
  const { y } = await session.run({ x: new Tensor('float32', values, [values.length]) });
  return context.transfer(y!.data as Float32Array);
}
export const doubleTask = engineTask(import.meta.url, double);

/** Keys of sessions that this thread has made so far, in that order. */
const built: string[] = [];

/** Asks for sessions one after the other, of 100 MB each as they say, or 800 MB where `large` begins the key, and runs them all in the end; gives what the thread has made so far. */
export async function useSessions(keys: readonly string[], context: EngineContext): Promise<readonly string[]> {
  const sessions = [];
  for (const key of keys) {
    const session = await context.session(key, key.startsWith('large') ? 800e6 : 100e6, () => {
      built.push(key);
      return doubling();
    });
    sessions.push(session);
  }
  for (const session of sessions) await session.run({ x: new Tensor('float32', [1], [1]) });
  return built;
}
export const useSessionsTask = engineTask(import.meta.url, useSessions);

/** A picture, and how often this thread has read the network of each generator. */
export async function countedPicture(
  input: SynthesizeImageInput,
  context: EngineContext,
): Promise<{ rgb: Uint8Array; loads: Readonly<Record<string, number>> }> {
  const counted: EngineContext = {
    ...context,
    session: (key, memory, build) =>
      context.session(key, memory, () => {
        if (key.startsWith('image ')) loads[input.generator.card.name] = (loads[input.generator.card.name] ?? 0) + 1;
        return build();
      }),
  };
  return { rgb: (await synthesizeImage(input, counted)).rgb, loads };
}
export const countedPictureTask = engineTask(import.meta.url, countedPicture);
const loads: Record<string, number> = {};

export async function count(to: number, context: EngineContext): Promise<number> {
  for (let i = 0; i < to; i++) {
    context.progress(i);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await context.checkpoint();
  }
  return to;
}
export const countTask = engineTask(import.meta.url, count);

export function crash(): never {
  process.exit(3);
}
export const crashTask = engineTask(import.meta.url, crash);

export function refuse(): never {
  throw new DatasetGanError('no-truth', 'No truth here.', { fix: 'Use psi 1.' });
}
export const refuseTask = engineTask(import.meta.url, refuse);

export function priority(): number {
  return getPriority();
}
export const priorityTask = engineTask(import.meta.url, priority);
