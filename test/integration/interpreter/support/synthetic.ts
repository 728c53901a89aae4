import { Tensor } from 'onnxruntime-node';
import type { Classifier } from '../../../../src/interpreter/ensemble/classifier.ts';
import type { FeatureLayout, Tap } from '../../../../src/interpreter/features/feature-layout.ts';
import type { TapSource } from '../../../../src/interpreter/features/sample-graph.ts';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import type { NetworkShape } from '../../../../src/interpreter/network-shape.ts';
import type { GraphBuilder } from '../../../../src/onnx/graph-builder.ts';

export function normals(length: number, seed: number, std = 1): Float32Array {
  const random = new Random(seed, 'weights');
  return Float32Array.from({ length }, () => std * random.normal());
}

const tapsOf = (layout: FeatureLayout): Tap[] => layout.levels.flatMap((level) => [...level.taps]);

/** Feature maps as inputs of the graph, in place of a generator. */
export function tapInputs(layout: FeatureLayout): (g: GraphBuilder) => TapSource {
  return (g) => ({
    taps: new Map(
      tapsOf(layout).map((tap) => [
        tap.name,
        g.input(`tap.${tap.name}`, 'float32', [1, tap.channels, tap.resolution, tap.resolution]),
      ]),
    ),
  });
}

export function tapFeeds(maps: ReadonlyMap<string, Float32Array>, layout: FeatureLayout): Record<string, Tensor> {
  return Object.fromEntries(
    tapsOf(layout).map(({ name, channels, resolution }) => [
      `tap.${name}`,
      new Tensor('float32', maps.get(name)!, [1, channels, resolution, resolution]),
    ]),
  );
}

/** Noise: the worst case for any resampling that is only nearly right. */
export function noiseMaps(layout: FeatureLayout, seed: number): Map<string, Float32Array> {
  return new Map(
    tapsOf(layout).map(({ name, channels, resolution }, i) => [name, normals(channels * resolution ** 2, seed + i)]),
  );
}

/** Weights of the size that training gives. */
export function randomClassifier(shape: NetworkShape, seed: number): Classifier {
  const { dims, members, hidden, classes } = shape;
  const [h1, h2] = hidden;
  return {
    shape,
    w1: normals(dims * members * h1, seed, 1 / Math.sqrt(dims)),
    b1: normals(members * h1, seed + 1, 0.3),
    w2: normals(members * h1 * h2, seed + 2, 1.4 / Math.sqrt(h1)),
    b2: normals(members * h2, seed + 3, 0.3),
    w3: normals(members * h2 * classes, seed + 4, 1.4 / Math.sqrt(h2)),
    b3: normals(members * classes, seed + 5, 0.3),
  };
}

/** The same behind a projection onto `rank` directions. */
export function randomProjected(shape: NetworkShape, rank: number, seed: number): Classifier {
  const projection = normals(shape.dims * rank, seed + 6, 1 / Math.sqrt(shape.dims));
  return { ...randomClassifier({ ...shape, dims: rank }, seed), projection };
}

/** The classifier with its projection multiplied into the first layer, by the definition and in double precision. */
export function overFeatures(classifier: Classifier): Classifier {
  const { shape, projection, w1 } = classifier;
  if (projection === undefined) return classifier;
  const units = w1.length / shape.dims;
  const dims = projection.length / shape.dims;
  const folded = Float32Array.from({ length: dims * units }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < shape.dims; i++)
      sum += projection[Math.floor(at / units) * shape.dims + i]! * w1[i * units + (at % units)]!;
    return sum;
  });
  const { projection: _, ...layers } = classifier;
  return { ...layers, shape: { ...shape, dims }, w1: folded };
}
