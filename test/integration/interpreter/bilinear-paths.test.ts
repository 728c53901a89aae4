import { afterAll, expect, test } from 'vitest';
import { featureLayout } from '../../../src/interpreter/features/feature-layout.ts';
import { inferenceFeeds } from '../../../src/interpreter/inference/classifier-feeds.ts';
import { inferenceGraph } from '../../../src/interpreter/inference/inference-graph.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { wholePicture } from '../../support/whole-picture.ts';
import { sampleMaps } from './support/sample-maps.ts';
import { tapFeeds, tapInputs } from './support/synthetic.ts';
import { testContext } from './support/test-context.ts';

const context = testContext();
afterAll(() => context.close());

/** Outputs along one axis, computed by hand from half-pixel centres clamped at the border. */
const cases = [
  { values: [0, 1], expected: [0, 0.25, 0.75, 1] },
  { values: [0, 1, 2, 3], expected: [0.5, 2.5] },
  { values: [0, 8, 16, 24], expected: [0, 0, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 24, 24] },
];

test.each(cases)('$values to $expected.length, in the training and in the inference path', async ({ values, expected }) => {
  const size = values.length;
  const side = expected.length;
  const layout = featureLayout([{ name: 't', channels: 2, resolution: size }], wholePicture(side));
  // Channel 0 varies along x, channel 1 along y.
  const map = Float32Array.from({ length: 2 * size * size }, (_, i) =>
    i < size * size ? values[i % size]! : values[Math.floor((i - size * size) / size)]!,
  );
  const maps = new Map([['t', map]]);
  const pixels = Int32Array.from({ length: side * side }, (_, pixel) => pixel);
  const wanted = [...pixels].flatMap((pixel) => [expected[pixel % side]!, expected[Math.floor(pixel / side)]!]);

  const sampled = await sampleMaps(context, layout, maps, pixels);
  expect([...sampled]).toEqual(wanted);

  // A network that hands its two inputs through, so that the logits are the resampled features.
  const shape = { dims: 2, members: 1, hidden: [2, 2] as const, classes: 2 };
  const identity = Float32Array.of(1, 0, 0, 1);
  const zeros = new Float32Array(2);
  const classifier = { shape, w1: identity, b1: zeros, w2: identity, b2: zeros, w3: identity, b3: zeros };
  const session = await context.session(`inference ${side}`, 0, () =>
    encodeModel(inferenceGraph(layout, { masks: { shape, directions: null } }, tapInputs(layout), { probe: true, tile: 32 })),
  );
  const { logits } = await session.run({ ...tapFeeds(maps, layout), ...inferenceFeeds(layout, { masks: classifier }) });
  const [columns, rows] = [0, 1].map((k) => (logits!.data as Float32Array).subarray(k * side * side, (k + 1) * side * side));
  expect([...pixels].flatMap((pixel) => [columns![pixel]!, rows![pixel]!])).toEqual(wanted);
});
