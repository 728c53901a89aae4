/**
 * Writers of every export format: peak memory, pairs per second and CPU time over many pairs, 500 real ones (held in memory, 44 MB of the peak)
 * repeated under distinct seeds, each format read back and then discarded. `node test/bench/export.ts [PAIRS 100000] [FORMAT,… all]`
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Engine } from '../../src/engine/engine.ts';
import type { ExportPair } from '../../src/export/export-dataset.ts';
import { parseFormats } from '../../src/export/format-names.ts';
import { folderTarget } from '../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../src/export/write-formats.ts';
import { engineRunner } from '../../src/jobs/datasets/files/export.ts';
import { encodePictureTask } from '../../src/jobs/engine-tasks/encode-png.ts';
import { BUNDLED_GENERATORS } from '../../src/jobs/open-product.ts';
import { encodeIndexPng } from '../../src/masks/png/png.ts';
import { GeneratorLibrary } from '../../src/stylegan/library.ts';
import { truth } from '../../src/stylegan/portraits/truth.ts';
import { synthesisMemory } from '../../src/stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../src/stylegan/synthesize-image.ts';
import { pointedDataset, portraitPoints } from '../support/export-pairs.ts';
import { machine, report } from './support/report.ts';

const REAL = 500;
/** Bytes of memory. */
const LIMIT = 500e6;
const [count = '100000', formats = 'all', real] = process.argv.slice(2);
const COUNT = Number(count);

if (real === undefined) await runAll();
else await runOne(formats, real);

/** Each format in a process of its own, so that its peak memory is its own; the real pairs are made before, for all of them. */
async function runAll(): Promise<void> {
  console.log(`export: portraits-256, ${COUNT} pairs (${REAL} real ones repeated); ${machine()}`);
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-bench-export-'));
  try {
    await writeRealPairs(join(folder, 'real'));
    for (const format of parseFormats(formats)) {
      const args = [fileURLToPath(import.meta.url), count, format, join(folder, 'real')];
      if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0) process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOne(format: string, folder: string): Promise<void> {
  const engine = new Engine({ threads: cpus().length, memoryLimit: 4e9 });
  const out = `${folder}-out`;
  try {
    const real = await readRealPairs(folder);
    const points = real.map((_, seed) => portraitPoints(seed));
    const dataset = pointedDataset(COUNT, {
      async *pairs() {
        for (let seed = 0; seed < COUNT; seed++) {
          const own = seed % real.length;
          yield { ...pairOf(real[own]!, seed), keypoints: points[own] };
        }
      },
    });
    const began = performance.now();
    const used = process.cpuUsage();
    await writeFormats([format], dataset, await folderTarget(out), { run: engineRunner({ engine }) });
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    const peak = 1024 * process.resourceUsage().maxRSS;
    const { files, bytes } = await checkSums(out);
    report(`${format}: peak memory`, peak / 1e6, LIMIT / 1e6, 'MB');
    console.log(
      `  ${format}: ${(COUNT / seconds).toFixed(0)} pairs/s, ${((user + system) / 1000 / COUNT).toFixed(2)} ms of CPU each; read back ${files} files of ${(bytes / 1e9).toFixed(2)} GB`,
    );
  } finally {
    await engine.close();
    await rm(out, { recursive: true, force: true });
  }
}

interface RealPair {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
}

async function readRealPairs(folder: string): Promise<RealPair[]> {
  const pairs: RealPair[] = [];
  for (let seed = 0; seed < Math.min(REAL, COUNT); seed++) {
    const file = join(folder, String(seed));
    pairs.push({ image: await readFile(`${file}.png`), mask: await readFile(`${file}.mask.png`) });
  }
  return pairs;
}

/** One of the real pairs under the name of `seed`; in bytes of its own, as pairs that are read from shards are. */
function pairOf({ image, mask }: RealPair, seed: number): ExportPair {
  return {
    name: `seed-${seed}`,
    image: Uint8Array.from(image),
    extension: 'png',
    width: 256,
    height: 256,
    mask: Uint8Array.from(mask),
    key: String(seed),
    facts: { seed, class: null, js: 0.01, score: 0.99 },
  };
}

/** Pictures of the bundled generator with their exact masks. */
async function writeRealPairs(folder: string): Promise<void> {
  const generator = await new GeneratorLibrary([BUNDLED_GENERATORS]).find('portraits-256');
  const engine = new Engine({ threads: cpus().length, memoryLimit: 4e9 });
  try {
    await mkdir(folder);
    for (let seed = 0; seed < Math.min(REAL, COUNT); seed++) {
      const image = { generator: generator.card.id, seed, class: null, psi: 1, cutoff: null };
      const memory = synthesisMemory(generator.card);
      const picture = await engine.run(synthesizeImageTask, { generator, image }, { lane: 'batch', memory });
      await writeFile(join(folder, `${seed}.png`), await engine.run(encodePictureTask, picture, { lane: 'codec' }));
      await writeFile(join(folder, `${seed}.mask.png`), await encodeIndexPng(truth(image)));
    }
  } finally {
    await engine.close();
  }
}

/** Reads every file back and compares its sha256 with the list. */
async function checkSums(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(join(folder, 'SHA256SUMS')) })) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, line.slice(66)))) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).byteLength;
    }
    if (hash.digest('hex') !== line.slice(0, 64)) throw new Error(`${line.slice(66)} is not what was written`);
    files++;
  }
  return { files, bytes };
}
