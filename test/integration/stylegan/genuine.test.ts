import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../../../src/api/requests.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { importGenerator } from '../../../src/jobs/generators/import-generator.ts';
import { encodeNpyHeader, readNpy } from '../../../src/stylegan/checkpoint/npy.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { sampleLayersTask } from '../../../src/stylegan/sample-layers.ts';
import { greatestDifference } from '../../support/golden.ts';
import { CHECKPOINTS, has } from '../../support/needs.ts';
import { type NpyArray, readNpz } from '../../support/npz.ts';

let engine: Engine;
let generators: string;
let library: GeneratorLibrary;
beforeAll(async () => {
  engine = new Engine({ threads: 2, memoryLimit: 2e9 });
  generators = await mkdtemp(join(tmpdir(), 'genuine-'));
  library = new GeneratorLibrary([generators]);
});
afterAll(async () => {
  await engine.close();
  await rm(generators, { recursive: true });
});

const importFile = (file: string, options: Partial<ImportOptions> = {}) =>
  importGenerator({ file: join(CHECKPOINTS, file), ...options }, { engine, library, generators, memoryLimit: 2e9 });

interface Genuine {
  readonly file: string;
  /** psi and cutoff at which the layers were recorded; null: none. */
  readonly layersAt: readonly [number, number | null];
  /** psi of the arrays that name none; 1 if left out. */
  readonly psi?: number;
  /** Cutoff of the arrays that name none. */
  readonly cutoff: number | null;
  readonly tolerance: number;
  readonly options?: Partial<ImportOptions>;
}

const FILES: readonly Genuine[] = [
  { file: 'ada_skip.pkl', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  { file: 'ada_cond.pkl', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  { file: 'rosinality_train.pt', layersAt: [1, null], cutoff: null, tolerance: 1e-4 },
  { file: 'rosinality_converted_legacy.pt', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  { file: 'sg3_t.pkl', layersAt: [0.7, null], psi: 0.7, cutoff: null, tolerance: 1e-4 },
  { file: 'tf_stylegan2_sg2_.pkl', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  { file: 'tf_stylegan2_sg2_p2.pkl', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  { file: 'tf_stylegan_sg1.pkl', layersAt: [0.7, null], cutoff: 8, tolerance: 1e-3, options: { taps: 'datasetgan' } },
  { file: 'psp_decoder.pt', layersAt: [0.7, null], cutoff: null, tolerance: 1e-4 },
  {
    file: 'datasetgan_for_g_all.pt',
    layersAt: [0.7, 8],
    cutoff: 8,
    tolerance: 1e-3,
    options: { averageFile: join(CHECKPOINTS, 'datasetgan_for_g_all.avg_latent.npy'), taps: 'datasetgan' },
  },
];

/** What an expected array is called in `sample --raw`, and at which truncation; undefined for inputs. */
function counterpart(
  name: string,
  { layersAt, psi: unnamed = 1, cutoff }: Genuine,
): { name: string; psi: number; cutoff: number | null } | undefined {
  if (name === 'z' || name === 'c') return undefined;
  if (name.startsWith('feat_')) return { name: `taps/${name.slice(5)}`, psi: layersAt[0], cutoff: layersAt[1] };
  const [, kind, psi, until] = /^(ws|img)(?:_([\d.]+))?(?:_(\d+|None))?$/.exec(name) ?? [];
  if (kind === undefined) throw new Error(`the expected array '${name}' has no counterpart`);
  const own = psi === undefined || until === undefined ? cutoff : until === 'None' ? null : Number(until);
  return { name: kind === 'img' ? 'image' : 'ws', psi: Number(psi ?? unnamed), cutoff: own };
}

async function writeArray(file: string, { shape, data }: NpyArray): Promise<void> {
  await writeFile(file, [encodeNpyHeader(shape), Buffer.from(Float32Array.from(data as Float32Array).buffer)]);
}

describe.runIf(has('checkpoints'))('files that the original programs wrote', () => {
  test.each(FILES)('$file: every number that the original program computed', async (genuine) => {
    const { file, options, tolerance } = genuine;
    const report = await importFile(file, options);
    const generator = await library.find(report.name);
    const expected = readNpz(join(CHECKPOINTS, file.replace(/\.\w+$/, '.npz')));
    const folder = await mkdtemp(join(tmpdir(), 'raw-'));
    const [zFile, cFile] = [join(folder, 'z.npy'), join(folder, 'c.npy')];
    await writeArray(zFile, expected.get('z')!);
    const c = expected.get('c');
    const classes = c !== undefined && c.shape[1]! > 0;
    if (classes) await writeArray(cFile, c);
    const sampled = new Map<string, string>();
    let worst = 0;
    try {
      for (const [name, { shape, data }] of expected) {
        const wanted = counterpart(name, genuine);
        if (wanted === undefined) continue;
        const key = `${wanted.psi} ${wanted.cutoff}`;
        const at = sampled.get(key) ?? join(folder, `at-${sampled.size}`);
        if (!sampled.has(key)) {
          const { psi, cutoff } = wanted;
          const input = { generator, zFile, cFile: classes ? cFile : undefined, psi, cutoff, folder: at };
          await engine.run(sampleLayersTask, input, { lane: 'batch' });
          sampled.set(key, at);
        }
        const found = readNpy(await readFile(join(at, `${wanted.name}.npy`)));
        expect(found.dims, name).toEqual(shape);
        const difference = greatestDifference(found.data, data as Float32Array);
        worst = Math.max(worst, difference);
        expect(difference, name).toBeLessThanOrEqual(tolerance);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(sampled.size).toBeGreaterThan(0);
    console.log(`${file}: greatest difference ${worst.toExponential(1)}`);
  });

  test('a training snapshot with channels-last weights reads and passes its self-test', async () => {
    const report = await importFile('snap_p3.pkl');
    expect(report).toMatchObject({ known: false, resolution: 32, classes: 0, average: 'in the checkpoint', warning: null });
    expect(await readdir(join(generators, 'snap_p3'))).toEqual(
      expect.arrayContaining(['generator.json', 'mapping.onnx', 'synthesis.onnx', 'samples.png', 'report.json']),
    );
  });

  test('the same file again is the same generator, whatever it shall be called', async () => {
    const report = await importFile('snap_p3.pkl', { name: 'other' });
    expect(report).toMatchObject({ known: true, name: 'snap_p3' });
    expect((await readdir(generators)).filter((name) => name === 'other' || name.startsWith('.'))).toEqual([]);
  });
});
