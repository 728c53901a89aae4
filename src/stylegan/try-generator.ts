import { Tensor } from 'onnxruntime-node';
import { type EngineContext, engineTask } from '../engine/task.ts';
import { DatasetGanError } from '../errors.ts';
import { encodeModel } from '../onnx/encode.ts';
import { type Generator, synthesisModel } from './generator.ts';
import type { ImageIdentity } from './image-identity.ts';
import { type Picture, toPicture } from './picture.ts';
import { styles } from './styles.ts';
import { synthesisMemory } from './synthesis-memory.ts';

export interface Trial {
  /** Pictures of seeds 0 to `count` - 1. */
  readonly pictures: Picture[];
  /** Time of one image with all feature maps. */
  readonly seconds: number;
  /** Bytes that the process grew by. */
  readonly memory: number;
  /** What is unusual about its pictures; null: nothing. */
  readonly warning: string | null;
}

/**
 * The self-test of a generator: makes the pictures of the first seeds, with their feature maps, and checks those of seed 0 at psi 0.7: all values must be
 * finite and no map constant. A trained network's image has a standard deviation from 0.05 to 2 and no value beyond ± 10; others are warned of.
 * @throws DatasetGanError `bad-generator` that says which map is wrong
 */
export async function tryGenerator(
  { generator, count }: { generator: Generator; count: number },
  context: EngineContext,
): Promise<Trial> {
  const { card } = generator;
  const before = process.memoryUsage.rss();
  const session = await context.session(`try ${card.id}`, synthesisMemory(card), async () => {
    const { graph, ...model } = await synthesisModel(generator);
    const wanted = new Set(['image', ...card.taps.map(({ name }) => `tap.${name}`)]);
    return encodeModel({ ...model, graph: { ...graph, outputs: graph.outputs.filter(({ name }) => wanted.has(name)) } });
  });
  const run = async (image: ImageIdentity) => {
    const ws = await styles(context, generator, [image]);
    const start = performance.now();
    const outputs = await session.run({ ws: new Tensor('float32', ws, [1, card.numWs, card.wDim]) });
    return { outputs, seconds: (performance.now() - start) / 1000 };
  };
  const image = (seed: number): ImageIdentity => ({
    generator: card.id,
    seed,
    class: card.cDim === 0 ? null : seed % card.cDim,
    psi: card.psi,
    cutoff: card.cutoff,
  });
  const tested = { ...image(0), psi: 0.7 };
  const { outputs: first } = await run(tested);
  let warning: string | null = null;
  for (const [name, { data }] of Object.entries(first)) {
    const range = rangeOf(name, data as Float32Array);
    if (name === 'image') warning = unusual(range);
  }
  const pictures: Picture[] = [];
  let seconds = Number.POSITIVE_INFINITY;
  for (let seed = 0; seed < count; seed++) {
    const again = seed === 0 && card.psi === tested.psi;
    const { outputs, seconds: taken } = again ? { outputs: first, seconds } : await run(image(seed));
    seconds = Math.min(seconds, taken);
    pictures.push(toPicture(outputs.image!.data as Float32Array, card));
    await context.checkpoint();
  }
  return { pictures, seconds, memory: Math.max(0, process.memoryUsage.rss() - before), warning };
}
export const tryGeneratorTask = engineTask(import.meta.url, tryGenerator);

interface Range {
  readonly least: number;
  readonly greatest: number;
  readonly deviation: number;
}

function rangeOf(name: string, values: Float32Array): Range {
  let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) throw failed(`${name} has values that are not finite`);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
    squares += value * value;
  }
  if (least === greatest) throw failed(`${name} is constant`);
  const mean = sum / values.length;
  return { least, greatest, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}

function unusual({ least, greatest, deviation }: Range): string | null {
  if (deviation >= 0.05 && deviation <= 2 && least > -10 && greatest < 10) return null;
  const range = `from ${least.toFixed(2)} to ${greatest.toFixed(2)} with a deviation of ${deviation.toFixed(2)}`;
  return `Its images range ${range}, but those of trained networks stay near -1 to 1. Check samples.png before you continue.`;
}

function failed(problem: string): DatasetGanError {
  return new DatasetGanError('bad-generator', `The generator fails its self-test: ${problem}.`, {
    fix: "Either this network's training failed, or it is an incompatible fork. Use another snapshot.",
  });
}
