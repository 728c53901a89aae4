import { type EngineContext, engineTask } from '../../engine/task.ts';
import { deleteCheckpoint, readCheckpoint, writeCheckpoint } from '../ensemble/checkpoint.ts';
import { foldClassifier, foldScaled } from '../ensemble/classifier.ts';
import { classifyRows } from '../ensemble/classify-graph.ts';
import { passGate } from '../ensemble/gate.ts';
import { narrowFirstLayer } from '../ensemble/narrow-first-layer.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { type Progress, trainEnsemble } from '../ensemble/train-ensemble.ts';
import { tensorHash } from '../learning/tensor-file.ts';
import { RECIPE } from '../recipe.ts';
import { classPriors } from '../sampling/class-prior.ts';
import { memberWeights } from '../sampling/resample.ts';
import { everyNthRow, freeMatrix } from '../sampling/training-matrix.ts';
import { type PreparedTraining, prepareTraining, type TrainingInput } from './prepare-training.ts';
import { classifierTensors, type VersionRecord, writeVersion } from './version.ts';

export interface TrainVersionInput extends TrainingInput {
  /** Where an interrupted training leaves its state, and finds it again. */
  readonly checkpointFile: string;
  /** Where the weights go. */
  readonly versionFile: string;
  /** What is to be known of the annotations; part of the record, not of the id. */
  readonly notes?: readonly string[];
}

export interface TrainProgress {
  readonly phase: 'learning the features' | 'sampling' | 'training' | 'storing';
  /** Pictures read, images sampled, or steps done. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the last steps; null before the first. */
  readonly loss: number | null;
}

/** Checkpoints may take this share of the time. */
const CHECKPOINT_SHARE = 0.02;
/** The gate looks at this many training pixels, or few more, spread evenly: all 32,000 would take as long as 40 steps. */
const GATE_PIXELS = 4096;

/**
 * Trains a version and writes its file; the record comes back. Progress: TrainProgress.
 * @throws DatasetGanError `training-refused` (gate), `bad-annotation`, `cancelled`, `disk-full`
 */
export async function trainVersion(input: TrainVersionInput, context: EngineContext): Promise<VersionRecord> {
  const { settings, seed, checkpointFile } = input;
  const progress = (value: TrainProgress) => context.progress(value);
  const began = performance.now();
  progress({ phase: 'sampling', step: 0, steps: input.images.length, loss: null });
  const prepared = await prepareTraining(input, context, (done, of) =>
    progress({ phase: 'sampling', step: done, steps: of, loss: null }),
  );
  const sampled = performance.now();
  const { plan, data, shape, labelOf } = prepared;
  const schedule = stepsFor(prepared.images.length, settings);
  const rows = Int32Array.from({ length: data.matrix.rows }, (_, row) => row);
  const weights = memberWeights(data.matrix, rows, shape.members, seed);
  const resume = await readCheckpoint(checkpointFile, plan.id, shape);
  let nextCheckpoint = 0;
  progress({ phase: 'training', step: resume?.step ?? 0, steps: schedule.steps, loss: null });
  const trained = await trainEnsemble(context, {
    matrix: data.matrix,
    shape,
    settings: schedule,
    seed,
    fold: 0,
    rows,
    weights,
    ...(resume === undefined ? {} : { resume }),
    onProgress: async (reached) => {
      progress({
        phase: 'training',
        step: reached.step,
        steps: Math.max(schedule.steps, reached.step),
        loss: recentLoss(reached),
      });
      const before = performance.now();
      if (before < nextCheckpoint) return;
      await writeCheckpoint(checkpointFile, plan.id, shape, reached);
      const after = performance.now();
      nextCheckpoint = after + (after - before) / CHECKPOINT_SHARE;
    },
  });
  const trainedAt = performance.now();
  progress({ phase: 'storing', step: 0, steps: 1, loss: recentLoss(trained) });
  const accuracy = await checkOnTrainingPixels(context, prepared, trained);
  const prior = classPriors(data.matrix.labels, rows, data.represents, weights, shape.members, shape.classes);
  const onBasis = foldClassifier({ ...prepared, state: trained.state, labels: input.labels.length, prior });
  const classifier = await narrowFirstLayer(onBasis, prepared.basis, prepared.projection);
  const seconds = (from: number, to: number) => (to - from) / 1000;
  const record: VersionRecord = {
    id: plan.id,
    recipe: RECIPE,
    generator: input.generator.card.id,
    psi: input.psi,
    cutoff: input.cutoff,
    classRule: input.classRule,
    labels: input.labels,
    annotatedLabels: labelOf,
    shape: classifier.shape,
    basis: prepared.basis.sha256,
    settings,
    seed,
    images: prepared.images,
    notes: [...prepared.notes, ...(input.notes ?? [])],
    steps: trained.step,
    loss: recentLoss(trained),
    trainingAccuracy: accuracy,
    seconds: {
      sampling: seconds(began, sampled),
      training: seconds(sampled, trainedAt),
      total: seconds(began, performance.now()),
    },
    weights: tensorHash(classifierTensors(classifier)),
  };
  freeMatrix(data.matrix);
  await writeVersion(input.versionFile, record, classifier);
  await deleteCheckpoint(checkpointFile);
  return record;
}
export const trainVersionTask = engineTask(import.meta.url, trainVersion);

/** The gate, on the inputs as trained and without the priors, which would hide a rare class that was learned well. */
async function checkOnTrainingPixels(context: EngineContext, prepared: PreparedTraining, { state }: Progress): Promise<number> {
  const { data } = prepared;
  const classifier = foldScaled(prepared.shape, state);
  const matrix = everyNthRow(data.matrix, Math.max(1, Math.floor(data.matrix.rows / GATE_PIXELS)));
  const predicted = await classifyRows(context, classifier, matrix);
  freeMatrix(matrix);
  return passGate(classifier, predicted, matrix.labels);
}

function recentLoss({ losses }: Progress): number {
  const recent = losses.slice(-100);
  return recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
}
