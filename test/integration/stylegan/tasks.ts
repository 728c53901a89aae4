import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../../../src/engine/task.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { type Generator, readGeneratorFile } from '../../../src/stylegan/generator.ts';
import type { ImageIdentity } from '../../../src/stylegan/image-identity.ts';
import { styles } from '../../../src/stylegan/styles.ts';

export interface Synthesis {
  readonly ws: Float32Array;
  /** `image` and every `tap.NAME`. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

const values = (outputs: InferenceSession.ReturnType): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));

/** Style vectors, images and all feature maps of some images, in one run. */
export async function synthesizeAll(
  { generator, images }: { generator: Generator; images: readonly ImageIdentity[] },
  context: EngineContext,
): Promise<Synthesis> {
  const ws = await styles(context, generator, images);
  const { id, numWs, wDim } = generator.card;
  const session = await context.session(`all ${id}`, 1e8, () => readGeneratorFile(generator, 'synthesis.onnx'));
  const outputs = await session.run({ ws: new Tensor('float32', ws, [images.length, numWs, wDim]) });
  return { ws, outputs: values(outputs) };
}
export const synthesizeAllTask = engineTask(import.meta.url, synthesizeAll);

export interface ModelRun {
  readonly model: Model;
  readonly feeds: Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
}

/** Runs a model once. */
export async function runModel({ model, feeds }: ModelRun, context: EngineContext): Promise<Record<string, Float32Array>> {
  const bytes = encodeModel(model);
  const session = await context.session(Buffer.from(bytes).toString('base64'), 1e6, () => bytes);
  const tensors = Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)] as const);
  return values(await session.run(Object.fromEntries(tensors)));
}
export const runModelTask = engineTask(import.meta.url, runModel);
