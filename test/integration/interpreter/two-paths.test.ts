import { afterAll, expect, test } from 'vitest';
import type { Classifier } from '../../../src/interpreter/ensemble/classifier.ts';
import { featureLayout, type LabelGeometry, type Tap } from '../../../src/interpreter/features/feature-layout.ts';
import { inferenceFeeds } from '../../../src/interpreter/inference/classifier-feeds.ts';
import { type HeadPlans, inferenceGraph } from '../../../src/interpreter/inference/inference-graph.ts';
import { seenThrough } from '../../../src/interpreter/inference/seen-through.ts';
import { tiling } from '../../../src/interpreter/inference/tiles.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { emptyMatrix, fillRows } from '../../../src/interpreter/sampling/training-matrix.ts';
import type { Heads } from '../../../src/interpreter/versions/version.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { classifyLogits } from '../../support/classify-logits.ts';
import { wholePicture } from '../../support/whole-picture.ts';
import { sampleMaps } from './support/sample-maps.ts';
import { noiseMaps, overFeatures, randomClassifier, randomProjected, tapFeeds, tapInputs } from './support/synthetic.ts';
import { testContext } from './support/test-context.ts';

const context = testContext();
afterAll(() => context.close());

const pyramid = (top: number): Tap[] => {
  const taps: Tap[] = [{ name: 'b4.conv1', channels: 24, resolution: 4 }];
  for (let r = 8; r <= top; r *= 2) {
    const channels = Math.max(4, 96 / r);
    taps.push({ name: `b${r}.conv0`, channels, resolution: r }, { name: `b${r}.conv1`, channels, resolution: r });
  }
  return taps;
};
/** Resolutions that are no powers of two, as StyleGAN3 has, and one above the label's, as a 1024 px generator labelled at 512 has. */
const uneven: Tap[] = [16, 20, 36, 52, 84, 148].map((resolution, i) => ({ name: `L${i}`, channels: 6 + i, resolution }));

const cases: { name: string; taps: Tap[]; geometry: LabelGeometry; tile: number; members: number; classes: number }[] = [
  { name: '32 px', taps: pyramid(32), geometry: wholePicture(32), tile: 32, members: 10, classes: 12 },
  { name: '32 px, two classes, one member', taps: pyramid(32), geometry: wholePicture(32), tile: 32, members: 1, classes: 2 },
  { name: '32 px, tiles of 12', taps: pyramid(32), geometry: wholePicture(32), tile: 12, members: 3, classes: 12 },
  { name: '256 px', taps: pyramid(256), geometry: wholePicture(256), tile: 32, members: 10, classes: 12 },
  { name: '256 px, 40 classes', taps: pyramid(256), geometry: wholePicture(256), tile: 32, members: 2, classes: 40 },
  { name: '256 px, tiles of 48', taps: pyramid(256), geometry: wholePicture(256), tile: 48, members: 1, classes: 40 },
  {
    name: 'middle rows of 64 px',
    taps: pyramid(64),
    geometry: { side: 64, left: 0, top: 8, width: 64, height: 48 },
    tile: 32,
    members: 10,
    classes: 2,
  },
  {
    name: 'a corner of 64 px, tiles that do not divide it',
    taps: pyramid(64),
    geometry: { side: 64, left: 3, top: 5, width: 51, height: 37 },
    tile: 20,
    members: 2,
    classes: 12,
  },
  { name: 'uneven resolutions', taps: uneven, geometry: wholePicture(74), tile: 32, members: 2, classes: 12 },
];

test.each(cases.flatMap((one) => [null, 64, 8].map((rank) => ({ ...one, rank }))))(
  'training and inference give a pixel the same logits: $name, through $rank directions',
  async ({ taps, geometry, tile, members, classes, rank }) => {
    const layout = featureLayout(taps, geometry);
    const hidden = classes < 32 ? ([128, 32] as const) : ([256, 128] as const);
    const shape = { dims: layout.dims, members, hidden, classes };
    const classifier = rank === null ? randomClassifier(shape, 7) : randomProjected(shape, rank, 7);
    const maps = noiseMaps(layout, 100);
    const { width, height } = geometry;
    const random = new Random(5, 'pixels');
    const corners = [0, width - 1, (height - 1) * width, height * width - 1];
    const pixels = Int32Array.from({ length: 200 }, (_, i) => corners[i] ?? random.below(width * height));

    const matrix = emptyMatrix(pixels.length, layout.dims);
    fillRows(matrix, 0, await sampleMaps(context, layout, maps, pixels));
    const expected = await classifyLogits(context, overFeatures(classifier), matrix);

    const directions = seenThrough(layout, classifier);
    const heads = { masks: { shape: classifier.shape, directions } };
    const session = await context.session(`tiled ${JSON.stringify([geometry, classifier.shape, tile, directions])}`, 0, () =>
      encodeModel(inferenceGraph(layout, heads, tapInputs(layout), { probe: true, tile })),
    );
    const outputs = await session.run({ ...tapFeeds(maps, layout), ...inferenceFeeds(layout, { masks: classifier }) });
    const logits = outputs.logits!.data as Float32Array;
    const tiles = tiling(geometry, tile);
    const area = tiles.width * tiles.height;
    let worst = 0;
    let greatest = 0;
    for (const [i, pixel] of pixels.entries()) {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      const [column, row] = [tiles.lefts.findLastIndex((left) => left <= x), tiles.tops.findLastIndex((top) => top <= y)];
      const at = (y - tiles.tops[row]!) * tiles.width + x - tiles.lefts[column]!;
      for (let e = 0; e < members; e++) {
        for (let c = 0; c < classes; c++) {
          const tiled = logits[(((row * tiles.lefts.length + column) * members + e) * classes + c) * area + at]!;
          const trained = expected[(e * pixels.length + i) * classes + c]!;
          worst = Math.max(worst, Math.abs(tiled - trained));
          greatest = Math.max(greatest, Math.abs(trained));
        }
      }
    }
    expect(greatest).toBeGreaterThan(1);
    expect(worst).toBeLessThan(1e-4);
  },
);

test.each([
  { name: 'both through directions', ranks: [8, 16] as const },
  { name: 'one through directions, one at the taps', ranks: [8, null] as const },
  { name: 'neither', ranks: [null, null] as const },
])('two heads in one pass say what each says alone: $name', async ({ ranks }) => {
  const layout = featureLayout(pyramid(64), { side: 64, left: 3, top: 5, width: 51, height: 37 });
  const { width, height } = layout.geometry;
  const headOf = (classes: number, rank: number | null, seed: number) => {
    const shape = { dims: layout.dims, members: 3, hidden: [128, 32] as const, classes };
    return rank === null ? randomClassifier(shape, seed) : randomProjected(shape, rank, seed);
  };
  const heads = { masks: headOf(5, ranks[0], 1), keypoints: headOf(4, ranks[1], 20) };
  const planOf = (classifier: Classifier) => ({ shape: classifier.shape, directions: seenThrough(layout, classifier) });
  expect([planOf(heads.masks).directions === null, planOf(heads.keypoints).directions === null]).toEqual(
    ranks.map((rank) => rank === null),
  );
  const maps = noiseMaps(layout, 100);
  const tile = 20;
  const run = async (name: string, plans: HeadPlans, feeds: Heads) => {
    const session = await context.session(`heads ${ranks} ${name}`, 0, () =>
      encodeModel(inferenceGraph(layout, plans, tapInputs(layout), { tile })),
    );
    return session.run({ ...tapFeeds(maps, layout), ...inferenceFeeds(layout, feeds) });
  };
  const both = await run('both', { masks: planOf(heads.masks), keypoints: planOf(heads.keypoints) }, heads);
  const alone = await run('masks', { masks: planOf(heads.masks) }, { masks: heads.masks });
  const labels = both.labels!.data as Uint8Array;
  const agree = labels.filter((label, i) => label === (alone.labels!.data as Uint8Array)[i]).length;
  expect(agree / labels.length).toBeGreaterThan(0.999);
  expect(new Set(labels).size).toBe(5);

  const pixels = Int32Array.from({ length: width * height }, (_, pixel) => pixel);
  const matrix = emptyMatrix(pixels.length, layout.dims);
  fillRows(matrix, 0, await sampleMaps(context, layout, maps, pixels));
  const outputs = await classifyLogits(context, overFeatures(heads.keypoints), matrix);
  const tiles = tiling(layout.geometry, tile);
  const area = tiles.width * tiles.height;
  const heat = both.heat!.data as Float32Array;
  const peaks = both.peaks!.data as Float32Array;
  const at = both.at!.data as BigInt64Array;
  for (const [t, [top, left]] of tiles.tops.flatMap((y) => tiles.lefts.map((x) => [y, x] as const)).entries()) {
    for (let k = 0; k < 4; k++) {
      const own = (e: number, i: number) => {
        const pixel = (top + Math.floor(i / tiles.width)) * width + left + (i % tiles.width);
        return outputs[(e * pixels.length + pixel) * 4 + k]!;
      };
      for (let i = 0; i < area; i++)
        expect(Math.abs(heat[(t * 4 + k) * area + i]! - (own(0, i) + own(1, i) + own(2, i)) / 3)).toBeLessThan(1e-4);
      for (let e = 0; e < 3; e++) {
        const place = (t * 3 + e) * 4 + k;
        const greatest = Math.max(...Array.from({ length: area }, (_, i) => own(e, i)));
        expect(Math.abs(peaks[place]! - greatest)).toBeLessThan(1e-4);
        expect(own(e, Number(at[place]))).toBeGreaterThan(greatest - 1e-4);
      }
    }
  }
});

test('the way with fewer multiplications is taken', () => {
  const wide = featureLayout(pyramid(256), wholePicture(256));
  const shape = { dims: 64, members: 10, hidden: [128, 32] as const, classes: 12 };
  const projection = (directions: number) => new Float32Array(wide.dims * directions);
  expect(seenThrough(wide, { shape: { ...shape, dims: 8 }, projection: projection(8) })).toBe(8);
  expect(seenThrough(wide, { shape: { ...shape, dims: 256 }, projection: projection(256) })).toBeNull();
  expect(seenThrough(wide, { shape: { ...shape, dims: wide.dims } })).toBeNull();
});
