import { type EngineContext, engineTask } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import { generatorNetwork } from '../features/generator-network.ts';
import { DEFAULT_SETTINGS, hiddenSizes, NARROW } from '../recipe.ts';
import { inferenceFeeds } from './classifier-feeds.ts';
import { inferenceGraph } from './inference-graph.ts';
import { predictionMemory } from './predict.ts';
import { seenThrough } from './seen-through.ts';
import { TILE_SIDE } from './tiles.ts';

/** Labels of the classifier that is measured; fewer or more hardly change its time below 32. */
const CLASSES = 10;

/** Time of one image with its mask, and the bytes that the process grew by; by an untrained classifier of the usual size. */
export async function measurePrediction(
  { generator }: { generator: Generator },
  context: EngineContext,
): Promise<{ seconds: number; memory: number }> {
  const network = generatorNetwork(generator);
  const { layout } = network;
  const { members } = DEFAULT_SETTINGS;
  const hidden = hiddenSizes(CLASSES);
  const [h1, h2] = hidden;
  const directions = Math.min(layout.dims, NARROW.rank);
  const zeros = (...dims: number[]) => new Float32Array(dims.reduce((product, size) => product * size, 1));
  const classifier: Classifier = {
    shape: { dims: directions, members, hidden, classes: CLASSES },
    projection: zeros(layout.dims, directions).fill(0.01),
    w1: zeros(directions, members, h1).fill(0.01),
    b1: zeros(members, h1),
    w2: zeros(members, h1, h2).fill(0.01),
    b2: zeros(members, h2),
    w3: zeros(members, h2, CLASSES).fill(0.01),
    b3: zeros(members, CLASSES),
  };
  const { card } = generator;
  const before = process.memoryUsage.rss();
  const heads = { masks: { shape: classifier.shape, directions: seenThrough(layout, classifier) } };
  const session = await context.session(`measure ${card.id}`, predictionMemory(generator, heads), async () =>
    encodeModel(inferenceGraph(layout, heads, await network.source(), { tile: TILE_SIDE })),
  );
  const image = { generator: card.id, seed: 0, class: card.cDim === 0 ? null : 0, psi: card.psi, cutoff: card.cutoff };
  const feeds = { ...(await network.feeds(context, image)), ...inferenceFeeds(layout, { masks: classifier }) };
  let seconds = Number.POSITIVE_INFINITY;
  // The first run also allocates, which matters where it is short.
  for (let i = 0; i < 2 && (i === 0 || seconds < 1); i++) {
    const start = performance.now();
    await session.run(feeds);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, memory: Math.max(0, process.memoryUsage.rss() - before) };
}
export const measurePredictionTask = engineTask(import.meta.url, measurePrediction);
