import { Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { encodeModel } from '../onnx/encode.ts';
import { type Generator, synthesisModel } from './generator.ts';
import type { ImageIdentity } from './image-identity.ts';
import { type Picture, toPicture } from './picture.ts';
import { styles } from './styles.ts';
import { synthesisMemory } from './synthesis-memory.ts';

export interface SynthesizeImageInput {
  readonly generator: Generator;
  readonly image: ImageIdentity;
}

/**
 * One generated picture, without feature maps.
 * @throws DatasetGanError `bad-request` for an image that this generator cannot make, `corrupt-file`
 */
export async function synthesizeImage({ generator, image }: SynthesizeImageInput, context: EngineContext): Promise<Picture> {
  return pictureOfStyles(context, generator, await styles(context, generator, [image]));
}
export const synthesizeImageTask = engineTask(import.meta.url, synthesizeImage);

/** The picture of style vectors ws [num_ws, w]. */
export async function pictureOfStyles(context: EngineContext, generator: Generator, ws: Float32Array): Promise<Picture> {
  const { id, numWs, wDim } = generator.card;
  const session = await context.session(`image ${id}`, synthesisMemory(generator.card), () => imageOnly(generator));
  const { image: pixels } = await session.run({ ws: new Tensor('float32', ws, [1, numWs, wDim]) });
  const picture = toPicture(pixels!.data as Float32Array, generator.card);
  context.transfer(picture.rgb);
  return picture;
}

/** synthesis.onnx without the outputs of its feature maps, which ONNX Runtime can then overwrite and fuse away. */
async function imageOnly(generator: Generator): Promise<Uint8Array> {
  const { graph, ...model } = await synthesisModel(generator);
  const outputs = graph.outputs.filter(({ name }) => name === 'image');
  return encodeModel({ ...model, graph: { ...graph, outputs } });
}
