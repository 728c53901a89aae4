/**
 * One pair, image, mask and JS divergence, by ten members and 24 classes, of StyleGAN2s of five sizes with random weights, on two threads; and
 * two pairs side by side, one thread each, as datasets are made. Each network is measured in a process of its own, so that its greatest memory is its own.
 *
 *     npm run bench:pair -- [runs]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../src/engine/engine.ts';
import { predictTask } from '../../src/interpreter/inference/predict.ts';
import { NARROW } from '../../src/interpreter/recipe.ts';
import { writeVersion } from '../../src/interpreter/versions/version.ts';
import { openGenerator } from '../../src/stylegan/generator.ts';
import { stylegan2Graphs } from '../../src/stylegan/graph/stylegan2.ts';
import { writeGenerator } from '../../src/stylegan/write-generator.ts';
import { randomProjected } from '../integration/interpreter/support/synthetic.ts';
import { TINY_SETTINGS } from '../support/tiny-stylegan2.ts';
import { randomStylegan2 } from './support/random-stylegan2.ts';
import { rawRate } from './support/raw-rate.ts';
import { machine, median, report, timeRuns } from './support/report.ts';

interface Network {
  readonly name: string;
  readonly resolution: number;
  readonly channelBase: number;
  /** Of the synthesis, the whole first layer at the taps' own resolutions (those beyond the label's at its), and the head; through fewer directions it is less. */
  readonly gigaflop: number;
  readonly seconds: number;
  readonly gigabytes: number;
}

const NETWORKS: readonly Network[] = [
  { name: '256 px slim', resolution: 256, channelBase: 16_384, gigaflop: 77, seconds: 0.7, gigabytes: 0.8 },
  { name: '256 px config-f', resolution: 256, channelBase: 32_768, gigaflop: 175, seconds: 0.85, gigabytes: 1.2 },
  { name: '512 px base 16384', resolution: 512, channelBase: 16_384, gigaflop: 147, seconds: 1.2, gigabytes: 1.4 },
  { name: '512 px config-f', resolution: 512, channelBase: 32_768, gigaflop: 309, seconds: 1.8, gigabytes: 1.8 },
  {
    name: '1024 px config-f labelled at 512 px',
    resolution: 1024,
    channelBase: 32_768,
    gigaflop: 382,
    seconds: 2.3,
    gigabytes: 2.4,
  },
];
const MEMBERS = 10;
const CLASSES = 24;

interface Measured {
  readonly dims: number;
  readonly seconds: number;
  /** Per pair, two at a time. */
  readonly beside: number;
  /** Greatest resident memory of the process while it made one pair at a time. */
  readonly peak: number;
  readonly peakBeside: number;
}

const [step, folder = '', index = '0', runs = '5'] = process.argv.slice(2);

if (step === 'write') {
  const { resolution, channelBase } = NETWORKS[Number(index)]!;
  const tensors = randomStylegan2(resolution, channelBase);
  const description = { name: 'pair', psi: 0.7, cutoff: null, source: 'bench', licence: 'none', commercialUse: null, note: '' };
  const { card } = await writeGenerator(join(folder, 'pair'), tensors, stylegan2Graphs(tensors, TINY_SETTINGS), description);
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  const taps = { dims, members: MEMBERS, hidden: [128, 32] as const, classes: CLASSES };
  const classifier = randomProjected(taps, NARROW.rank, 1);
  const { shape } = classifier;
  const labels = Array.from({ length: CLASSES }, (_, label) => `label ${label}`);
  const record = { id: 'dg-000000000000', generator: card.id, annotatedLabels: labels.map((_, label) => label), labels, shape };
  await writeVersion(join(folder, 'version.safetensors'), record as never, { masks: classifier });
} else if (step === 'measure') {
  console.log(JSON.stringify(await measure()));
} else {
  const count = step ?? runs;
  const gemm = await rawRate(5);
  console.log(`pair: image, mask and JS, N = ${MEMBERS}, K = ${CLASSES}, median of ${count}; ${machine()}`);
  for (const [at, network] of NETWORKS.entries()) {
    const place = mkdtempSync(join(tmpdir(), 'datasetgan-bench-pair-'));
    try {
      child('write', place, String(at));
      const { dims, seconds, beside, peak, peakBeside } = JSON.parse(child('measure', place, String(at), count)) as Measured;
      const rate = (time: number) => `${(network.gigaflop / time).toFixed(0)} GFLOP/s`;
      report(`${network.name}, D = ${dims}`, seconds, network.seconds, 's');
      report(`${network.name}, memory of the process`, peak / 1e9, network.gigabytes, 'GB');
      console.log(
        `  ${rate(seconds)}, where a plain matrix product makes ${gemm.toFixed(0)}; two side by side ${beside.toFixed(2)} s a pair (${rate(beside)}), ${(peakBeside / 1e9).toFixed(2)} GB`,
      );
    } finally {
      rmSync(place, { recursive: true });
    }
  }
}

async function measure(): Promise<Measured> {
  const generator = await openGenerator(join(folder, 'pair'));
  const { id: name, psi, cutoff, taps } = generator.card;
  const engine = new Engine({ threads: 2, memoryLimit: 16e9 });
  const versionFile = join(folder, 'version.safetensors');
  let seed = 0;
  const pair = (spread: boolean) =>
    engine.run(
      predictTask,
      { generator, image: { generator: name, seed: seed++, class: null, psi, cutoff }, versionFile },
      { lane: 'batch', spread },
    );
  const peak = () => process.resourceUsage().maxRSS * 1024;
  const seconds = median(await timeRuns(Number(runs), () => pair(false)));
  const alone = peak();
  const two = median(await timeRuns(Number(runs), () => Promise.all([pair(true), pair(true)])));
  await engine.close();
  const dims = taps.reduce((sum, { channels }) => sum + channels, 0);
  return { dims, seconds, beside: two / 2, peak: alone, peakBeside: peak() };
}

function child(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
