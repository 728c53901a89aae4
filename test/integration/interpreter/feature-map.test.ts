import { Tensor } from 'onnxruntime-node';
import { afterAll, expect, test } from 'vitest';
import { featureMapGraph } from '../../../src/interpreter/clicks/feature-map-graph.ts';
import { featureLayout } from '../../../src/interpreter/features/feature-layout.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { sampleMaps } from './support/sample-maps.ts';
import { noiseMaps, normals, tapFeeds, tapInputs } from './support/synthetic.ts';
import { testContext } from './support/test-context.ts';

const context = testContext();
afterAll(() => context.close());

const DIRECTIONS = 5;
/** A level above the label's size, as a 64 px generator labelled at 32 has, and one whose size divides nothing. */
const layout = featureLayout(
  [4, 12, 32, 64].map((resolution, i) => ({ name: `t${resolution}`, channels: 3 + i, resolution })),
  { side: 32, left: 0, top: 4, width: 32, height: 24 },
);

test('the feature map is the projection of the features that a training samples', async () => {
  const maps = noiseMaps(layout, 1);
  const matrix = normals(layout.dims * DIRECTIONS, 2);
  const session = await context.session('map', 0, () => encodeModel(featureMapGraph(layout, tapInputs(layout), DIRECTIONS)));
  const feeds = tapFeeds(maps, layout);
  for (const { resolution, offset, channels } of layout.levels) {
    const rows = matrix.subarray(offset * DIRECTIONS, (offset + channels) * DIRECTIONS);
    feeds[`taps.${resolution}`] = new Tensor('float32', rows, [channels, DIRECTIONS]);
  }
  const { features } = await session.run(feeds);
  expect(features!.dims).toEqual([32 * 24, DIRECTIONS]);

  const random = new Random(3, 'pixels');
  const pixels = Int32Array.from({ length: 50 }, () => random.below(32 * 24));
  const sampled = await sampleMaps(context, layout, maps, pixels);
  for (const [row, pixel] of pixels.entries()) {
    for (let i = 0; i < DIRECTIONS; i++) {
      let expected = 0;
      for (let d = 0; d < layout.dims; d++) expected += sampled[row * layout.dims + d]! * matrix[d * DIRECTIONS + i]!;
      expect((features!.data as Float32Array)[pixel * DIRECTIONS + i]).toBeCloseTo(expected, 4);
    }
  }
});
