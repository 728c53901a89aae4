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

test('feature maps are projections of the features that a training samples, one of every pixel and one of every second', async () => {
  const maps = noiseMaps(layout, 1);
  const looks = [
    { directions: 3, every: 1 },
    { directions: 2, every: 2 },
  ];
  const matrix = normals(layout.dims * DIRECTIONS, 2);
  const session = await context.session('map', 0, () => encodeModel(featureMapGraph(layout, tapInputs(layout), looks)));
  const feeds = tapFeeds(maps, layout);
  for (const { resolution, offset, channels } of layout.levels) {
    const rows = matrix.subarray(offset * DIRECTIONS, (offset + channels) * DIRECTIONS);
    feeds[`taps.${resolution}`] = new Tensor('float32', rows, [channels, DIRECTIONS]);
  }
  const outputs = await session.run(feeds);
  const [every, some] = looks.map((_, i) => outputs[`features.${i}`]!);
  expect([every!.dims, some!.dims]).toEqual([
    [32 * 24, 3],
    [16 * 12, 2],
  ]);

  const random = new Random(3, 'pixels');
  const pixels = Int32Array.from({ length: 50 }, () => random.below(32 * 24));
  const sampled = await sampleMaps(context, layout, maps, pixels);
  const seen = (tensor: Tensor, row: number, i: number) => (tensor.data as Float32Array)[row * tensor.dims[1]! + i]!;
  for (const [row, pixel] of pixels.entries()) {
    const expected = Array.from({ length: DIRECTIONS }, (_, i) => {
      let sum = 0;
      for (let d = 0; d < layout.dims; d++) sum += sampled[row * layout.dims + d]! * matrix[d * DIRECTIONS + i]!;
      return sum;
    });
    for (let i = 0; i < 3; i++) expect(seen(every!, pixel, i)).toBeCloseTo(expected[i]!, 4);
    const [x, y] = [pixel % 32, Math.floor(pixel / 32)];
    if (x % 2 === 1 || y % 2 === 1) continue;
    for (let i = 0; i < 2; i++) expect(seen(some!, (y / 2) * 16 + x / 2, i)).toBeCloseTo(expected[3 + i]!, 4);
  }
});
