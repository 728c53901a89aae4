/**
 * What it costs to import a 512 px config-f of stylegan2-ada-pytorch (G, D and G_ema with random weights, about 360 MB): reading, converting and writing the
 * folder, then the whole import with self-test, samples and timings; and what one image and one mask cost with it. Each step has a process of its own, so
 * that its greatest memory is its own. At last the whole server's memory while it trains and predicts, the bundled generator's and that one's
 * (`node test/bench/import.ts server`, or `server bundled`, for this alone), with a real Label Studio.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../src/engine/engine.ts';
import { measurePredictionTask } from '../../src/interpreter/inference/measure-prediction.ts';
import { importGenerator } from '../../src/jobs/generators/import-generator.ts';
import { convertFileTask } from '../../src/stylegan/convert-file.ts';
import { GeneratorLibrary } from '../../src/stylegan/library.ts';
import { tryGeneratorTask } from '../../src/stylegan/try-generator.ts';
import { adaFile } from '../support/checkpoint-writers/stylegan2-files.ts';
import { TINY_SETTINGS } from '../support/tiny-stylegan2.ts';
import { randomStylegan2 } from './support/random-stylegan2.ts';
import { serverMemory } from './support/server-memory.ts';
import { agent } from './support/timed.ts';
import { writeRandom } from './support/write-random.ts';

const MEMORY = 8e9;
const RESOLUTION = 512;

interface Measured {
  readonly seconds: number;
  /** Greatest resident memory of the process. */
  readonly peak: number;
  readonly image?: { readonly seconds: number; readonly memory: number };
  readonly prediction?: { readonly seconds: number; readonly memory: number };
}

const say = (measured: Measured) => console.log(JSON.stringify(measured));
const peak = () => process.resourceUsage().maxRSS * 1024;
const [step, file = '', folder = ''] = process.argv.slice(2);
const makeEngine = () => new Engine({ threads: availableParallelism(), memoryLimit: MEMORY });

function line(what: string, value: number, anchor: number, unit: string): void {
  const figure = `${value.toFixed(2).padStart(8)} ${unit}   at most ${anchor.toFixed(2)}`;
  console.log(`${what.padEnd(52)} ${figure}   ratio ${(value / anchor).toFixed(2)}`);
}

async function reportServer(only = ''): Promise<void> {
  const own = { name: 'config-f', write: (folder: string) => writeRandom(folder, 'config-f', RESOLUTION) };
  for (const [what, anchor, generator] of [
    ['bundled', 2],
    ['512 px config-f', 5, own],
  ] as const) {
    if (!what.startsWith(only)) continue;
    const { peak, answered, phases } = await serverMemory(generator);
    line(`whole server, ${what}: train, refresh, /predict`, peak / 1e9, anchor, 'GB');
    const steps = [...phases].map(([phase, bytes]) => `${phase} ${(bytes / 1e9).toFixed(2)} GB`);
    console.log(`  its greatest memory by then: ${steps.join(', ')}; ${answered} times /predict`);
  }
  agent.destroy();
}

if (step === 'server') {
  await reportServer(file);
} else if (step === 'write') {
  writeFileSync(file, adaFile(randomStylegan2(RESOLUTION), TINY_SETTINGS, 4, { whole: true }));
} else if (step === 'convert') {
  const engine = makeEngine();
  const start = performance.now();
  const description = { name: 'f', psi: 0.7, licence: '', commercialUse: null, note: '' };
  await engine.run(
    convertFileTask,
    { file, folder: join(folder, 'f'), memoryLimit: MEMORY, description: { ...description, licence: 'none' } },
    { lane: 'batch' },
  );
  say({ seconds: (performance.now() - start) / 1000, peak: peak() });
  await engine.close();
} else if (step === 'import') {
  const engine = makeEngine();
  const start = performance.now();
  const place = { engine, memoryLimit: MEMORY, library: new GeneratorLibrary([folder]), generators: folder };
  const { image, prediction } = await importGenerator({ file, name: 'whole' }, place);
  say({ seconds: (performance.now() - start) / 1000, peak: peak(), image: image!, prediction: prediction! });
  await engine.close();
} else if (step === 'costs') {
  const resolution = Number(file);
  const generator = await writeRandom(folder, 'costs', resolution);
  const engine = makeEngine();
  const { seconds, memory } = await engine.run(tryGeneratorTask, { generator, count: 2 }, { lane: 'batch' });
  // A thread of its own: the session of the trial is no part of what a prediction needs.
  await engine.close();
  const second = makeEngine();
  const prediction = await second.run(measurePredictionTask, { generator }, { lane: 'batch' });
  say({ seconds, peak: peak(), image: { seconds, memory }, prediction });
  await second.close();
} else {
  const root = mkdtempSync(join(tmpdir(), 'bench-import-'));
  try {
    const checkpoint = join(root, 'config-f.pkl');
    const run = (name: string, target: string, source = checkpoint): Measured => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, name, source, target], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return stdout === '' ? { seconds: 0, peak: 0 } : (JSON.parse(stdout) as Measured);
    };
    run('write', '');
    const bytes = statSync(checkpoint).size;
    const network = [...randomStylegan2(RESOLUTION).values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    const convert = run('convert', join(root, 'a'));
    const whole = run('import', join(root, 'b'));
    const bound = bytes + 1.5 * network + 150e6;
    console.log(
      `${cpus()[0]!.model}, ${availableParallelism()} cores; file ${(bytes / 1e6).toFixed(0)} MB, network ${(network / 1e6).toFixed(0)} MB`,
    );
    line('read, convert, write the folder', convert.seconds, 10, 's');
    line('its greatest memory (file + 1.5 network + 0.15)', convert.peak / 1e9, bound / 1e9, 'GB');
    line('whole import', whole.seconds, 30, 's');
    line('one image with all taps', whole.image!.seconds, 1.2, 's');
    line('one image with its mask, ten classifiers', whole.prediction!.seconds, 4, 's');
    for (const resolution of [256, 512, 1024]) {
      const { image, prediction } = run('costs', join(root, String(resolution)), String(resolution));
      const cost = (what: Measured['image']) => `${what!.seconds.toFixed(2)} s, ${(what!.memory / 1e9).toFixed(2)} GB`;
      console.log(
        `${resolution} px, labels at ${Math.min(resolution, 512)} px: image ${cost(image)}; with its mask ${cost(prediction)}`,
      );
    }
    console.log(`greatest memory of the whole import ${(whole.peak / 1e9).toFixed(2)} GB`);
    await reportServer();
  } finally {
    rmSync(root, { recursive: true });
  }
}
