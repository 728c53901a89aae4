/**
 * Labels and uncertainty of one 512 px picture from feature maps of StyleGAN1's shape (two taps a resolution, D = 5056), ten members, 24
 * classes; beside the same network on concatenated features, and beside the rate of a plain matrix product in the same run.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { headFeeds } from '../../src/interpreter/ensemble/head-graph.ts';
import { featureLayout } from '../../src/interpreter/features/feature-layout.ts';
import { inferenceFeeds } from '../../src/interpreter/inference/classifier-feeds.ts';
import { inferenceGraph } from '../../src/interpreter/inference/inference-graph.ts';
import { TILE_SIDE, tiling, untile } from '../../src/interpreter/inference/tiles.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { noiseMaps, randomClassifier, tapFeeds, tapInputs } from '../integration/interpreter/support/synthetic.ts';
import { wholePicture } from '../support/whole-picture.ts';
import { benchContext } from './support/bench-context.ts';
import { naiveStripGraph, STRIP } from './support/naive-inference.ts';
import { rawRate } from './support/raw-rate.ts';
import { machine, median, report, timeRuns } from './support/report.ts';

const SIDE = 512;
const CHANNELS: readonly [resolution: number, channels: number][] = [
  [4, 512],
  [8, 512],
  [16, 512],
  [32, 512],
  [64, 256],
  [128, 128],
  [256, 64],
  [512, 32],
];
const RUNS = 5;

const taps = CHANNELS.flatMap(([resolution, channels]) =>
  ['conv0', 'conv1'].map((layer) => ({ name: `b${resolution}.${layer}`, channels, resolution })),
);
const layout = featureLayout(taps, wholePicture(SIDE));
const shape = { dims: layout.dims, members: 10, hidden: [128, 32] as const, classes: 24 };
const classifier = randomClassifier(shape, 1);
const maps = noiseMaps(layout, 1);
const context = benchContext(2);

const first = shape.members * shape.hidden[0];
const nativeMacs = taps.reduce((sum, { channels, resolution }) => sum + channels * resolution ** 2 * first, 0);
const headMacs = SIDE ** 2 * shape.members * (shape.hidden[0] * shape.hidden[1] + shape.hidden[1] * shape.classes);
const gigaflop = (2 * (nativeMacs + headMacs)) / 1e9;

const session = await context.session('ours', 0, () =>
  encodeModel(inferenceGraph(layout, { masks: { shape, directions: null } }, tapInputs(layout), { tile: TILE_SIDE })),
);
const feeds = { ...tapFeeds(maps, layout), ...inferenceFeeds(layout, { masks: classifier }) };
const ours = median(await timeRuns(RUNS, () => session.run(feeds)));
const outputs = await session.run(feeds);
const peak = process.resourceUsage().maxRSS * 1024;
const labels = untile(outputs.labels!.data as Uint8Array, tiling(layout.geometry, TILE_SIDE), new Uint8Array(SIDE ** 2), SIDE);

const gemm = await rawRate(RUNS);

const naive = await InferenceSession.create(encodeModel(naiveStripGraph(layout, shape, tapInputs(layout))), {
  intraOpNumThreads: 2,
});
const naiveFeeds = {
  ...tapFeeds(maps, layout),
  ...headFeeds(classifier),
  w1: new Tensor('float32', classifier.w1, [shape.dims, first]),
};
let differing = 0;
const start = performance.now();
for (let strip = 0; strip < SIDE / STRIP; strip++) {
  const answer = await naive.run({ ...naiveFeeds, strip: new Tensor('int64', BigInt64Array.of(BigInt(strip)), []) });
  const theirs = answer.labels!.data as Uint8Array;
  for (const [i, label] of theirs.entries()) if (label !== labels[strip * STRIP * SIDE + i]) differing++;
}
const naiveSeconds = (performance.now() - start) / 1000;

console.log(
  `interpreter: ${SIDE} px, D = ${shape.dims}, N = ${shape.members}, K = ${shape.classes}, ${gigaflop.toFixed(0)} GFLOP; ${machine()}`,
);
report('inference after synthesis', ours, 2.0, 's');
report('peak memory of the process, feature maps included', peak / 1e9, 1.3, 'GB');
report('times faster than concatenated features, tiled', naiveSeconds / ours, 8, 'x', 'more');
console.log(`  ${(gigaflop / ours).toFixed(0)} GFLOP/s, where a plain matrix product makes ${gemm.toFixed(0)} GFLOP/s`);
console.log(`  concatenated, tiled: ${naiveSeconds.toFixed(1)} s; labels differ on ${differing} of ${SIDE ** 2} pixels`);
