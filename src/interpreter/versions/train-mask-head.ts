import type { EngineContext } from '../../engine/task.ts';
import { readCheckpoint, writeCheckpoint } from '../ensemble/checkpoint.ts';
import { type Classifier, foldClassifier, foldScaled } from '../ensemble/classifier.ts';
import { classifyRows } from '../ensemble/classify-graph.ts';
import { passGate } from '../ensemble/gate.ts';
import { narrowFirstLayer } from '../ensemble/narrow-first-layer.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { type Progress, recentLoss, trainEnsemble } from '../ensemble/train-ensemble.ts';
import type { NetworkShape } from '../network-shape.ts';
import { classPriors } from '../sampling/class-prior.ts';
import { memberWeights } from '../sampling/resample.ts';
import { everyNthRow, freeMatrix } from '../sampling/training-matrix.ts';
import type { PreparedMasks, PreparedTraining, TrainingInput } from './prepare-training.ts';

export interface TrainedMasks {
  readonly classifier: Classifier;
  readonly shape: NetworkShape;
  readonly steps: number;
  /** Mean loss of the last steps. */
  readonly loss: number;
  /** Share of the training pixels that the ensemble labels as annotated. */
  readonly trainingAccuracy: number;
}

/** Checkpoints may take this share of the time. */
const CHECKPOINT_SHARE = 0.02;
/** The gate looks at this many training pixels, or few more, spread evenly: all 32,000 would take as long as 40 steps. */
const GATE_PIXELS = 4096;

/**
 * Trains the ensemble that labels pixels, and leaves its state in `checkpointFile` from time to time. Gives the training matrix's memory back.
 * @throws DatasetGanError `training-refused` (gate), `cancelled`, `disk-full`
 */
export async function trainMaskHead(
  context: EngineContext,
  { settings: options, seed, checkpointFile, labels }: TrainingInput & { readonly checkpointFile: string },
  prepared: PreparedTraining,
  masks: PreparedMasks,
  onStep: (step: number, steps: number, loss: number | null) => void,
): Promise<TrainedMasks> {
  const { data, shape, labelOf, inputs, images } = masks;
  const { id } = prepared.plan;
  const settings = stepsFor(images.length, options);
  const rows = Int32Array.from({ length: data.matrix.rows }, (_, row) => row);
  const weights = memberWeights(data.matrix, rows, shape.members, seed);
  const resume = await readCheckpoint(checkpointFile, id, shape);
  let nextCheckpoint = 0;
  onStep(resume?.step ?? 0, settings.steps, null);
  const trained = await trainEnsemble(context, {
    matrix: data.matrix,
    shape,
    settings,
    seed,
    fold: 0,
    rows,
    weights,
    ...(resume === undefined ? {} : { resume }),
    onProgress: async (reached) => {
      onStep(reached.step, Math.max(settings.steps, reached.step), recentLoss(reached));
      const before = performance.now();
      if (before < nextCheckpoint) return;
      await writeCheckpoint(checkpointFile, id, shape, reached);
      const after = performance.now();
      nextCheckpoint = after + (after - before) / CHECKPOINT_SHARE;
    },
  });
  const trainingAccuracy = await checkOnTrainingPixels(context, masks, trained);
  const prior = classPriors(data.matrix.labels, rows, data.represents, weights, shape.members, shape.classes);
  const { state } = trained;
  const onBasis = foldClassifier({ shape, state, inputs, labelOf, labels: labels.length, prior });
  freeMatrix(data.matrix);
  const classifier = await narrowFirstLayer(onBasis, prepared.basis, prepared.projection);
  return { classifier, shape: classifier.shape, steps: trained.step, loss: recentLoss(trained), trainingAccuracy };
}

/** The gate, on the inputs as trained and without the priors, which would hide a rare class that was learned well. */
async function checkOnTrainingPixels(
  context: EngineContext,
  { data, shape }: PreparedMasks,
  { state }: Progress,
): Promise<number> {
  const classifier = foldScaled(shape, state);
  const matrix = everyNthRow(data.matrix, Math.max(1, Math.floor(data.matrix.rows / GATE_PIXELS)));
  const predicted = await classifyRows(context, classifier, matrix);
  freeMatrix(matrix);
  return passGate(classifier, predicted, matrix.labels);
}
