import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineContext } from '../../../src/engine/task.ts';
import type { Classifier } from '../../../src/interpreter/ensemble/classifier.ts';
import { classifyRows } from '../../../src/interpreter/ensemble/classify-graph.ts';
import { generatorNetwork } from '../../../src/interpreter/features/generator-network.ts';
import { sampleFeatures } from '../../../src/interpreter/features/sample-features.ts';
import { addToConfusion, emptyConfusion, intersectionOverUnion } from '../../../src/interpreter/learning/metrics.ts';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { featureBlocks } from '../../../src/interpreter/network-shape.ts';
import { emptyMatrix, fillRows, type TrainingMatrix } from '../../../src/interpreter/sampling/training-matrix.ts';
import { type TrainVersionInput, trainVersion } from '../../../src/interpreter/versions/train-version.ts';
import { readVersion, type VersionRecord } from '../../../src/interpreter/versions/version.ts';
import type { Generator } from '../../../src/stylegan/generator.ts';
import { portrait, trainingOptions } from '../../integration/interpreter/support/portraits.ts';

/** Pixels of each held-out picture, and its first seed. */
export const HELD_OUT_PIXELS = 1024;
const FIRST_SEED = 5000;

export interface Taught {
  /** By label; null where no held-out pixel has it. */
  readonly iou: readonly (number | null)[];
  readonly record: VersionRecord;
}

/** Held-out pictures of portraits-256, and what versions of `members` classifiers make of them. */
export interface HeldOutParts {
  /**
   * Trains a version and labels the pictures with it.
   * @param truthOf label of each pixel of a picture
   * @throws DatasetGanError `training-refused`
   */
  teach(
    images: TrainVersionInput['images'],
    labels: readonly string[],
    truthOf: (seed: number) => ArrayLike<number>,
  ): Promise<Taught>;
}

export async function heldOutParts(
  context: EngineContext,
  generator: Generator,
  pictures: number,
  members: number,
): Promise<HeldOutParts> {
  const network = generatorNetwork(generator);
  const { dims } = network.layout;
  const folder = mkdtempSync(join(tmpdir(), 'datasetgan-held-out-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.stderr.write('features of held-out pictures\n');
  const matrix = emptyMatrix(pictures * HELD_OUT_PIXELS, dims);
  const heldOut: { seed: number; pixels: Int32Array }[] = [];
  for (let i = 0; i < pictures; i++) {
    const seed = FIRST_SEED + i;
    const random = new Random(0, 'pixels', seed);
    const pixels = Int32Array.from({ length: HELD_OUT_PIXELS }, () => random.below(256 * 256));
    fillRows(matrix, i * HELD_OUT_PIXELS, await sampleFeatures(context, network, portrait(seed), pixels));
    heldOut.push({ seed, pixels });
  }

  /** The held-out pixels as a version sees them: x·projection. */
  const seenThrough = ({ projection, shape: { dims: directions } }: Classifier): TrainingMatrix => {
    const seen = emptyMatrix(matrix.rows, directions);
    const values = new Float32Array(directions);
    for (let row = 0; row < matrix.rows; row++) {
      values.fill(0);
      for (const [b, { start, end }] of featureBlocks(dims).entries())
        for (let d = start; d < end; d++) {
          const x = matrix.blocks[b]![row * (end - start) + d - start]!;
          for (let k = 0; k < directions; k++) values[k]! += x * projection![d * directions + k]!;
        }
      fillRows(seen, row, values);
    }
    return seen;
  };

  return {
    async teach(images, labels, truthOf) {
      const versionFile = join(folder, 'version.safetensors');
      const files = { cacheFolder: join(folder, 'features'), checkpointFile: join(folder, 'checkpoint'), versionFile };
      const settings = { ...trainingOptions.settings, members, maxSteps: trainingOptions.settings.steps };
      const record = await trainVersion({ ...trainingOptions, settings, labels, ...files, generator, images }, context);
      const { masks } = await readVersion(versionFile);
      const predicted = await classifyRows(context, masks!, seenThrough(masks!));
      const confusion = emptyConfusion(labels.length);
      for (const [i, { seed, pixels }] of heldOut.entries()) {
        const truth = truthOf(seed);
        const rows = predicted.subarray(i * HELD_OUT_PIXELS, (i + 1) * HELD_OUT_PIXELS);
        addToConfusion(
          confusion,
          Uint8Array.from(pixels, (pixel) => truth[pixel]!),
          rows,
        );
      }
      return { iou: intersectionOverUnion(confusion), record };
    },
  };
}
