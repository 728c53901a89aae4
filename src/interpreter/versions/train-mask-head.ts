import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EngineContext } from '../../engine/task.ts';
import { type BoxesToSettle, settleBoxes } from '../boxes/settle-boxes.ts';
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
import { everyNthRow, freeMatrix, type TrainingMatrix } from '../sampling/training-matrix.ts';
import type { PreparedMasks, PreparedTraining, TrainingInput } from './prepare-training.ts';

export interface TrainedMasks {
  readonly classifier: Classifier;
  readonly shape: NetworkShape;
  readonly steps: number;
  /** Mean loss of the last steps. */
  readonly loss: number;
  /** Share of the training pixels that the ensemble labels as annotated. */
  readonly trainingAccuracy: number;
  /** What was learnt of pixels in boxes; null where there are none. */
  readonly note: string | null;
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
  {
    settings: options,
    seed,
    checkpointFile,
    labels,
  }: Pick<TrainingInput<unknown>, 'settings' | 'seed' | 'labels'> & {
    readonly checkpointFile: string;
  },
  prepared: PreparedTraining<unknown>,
  masks: PreparedMasks,
  onStep: (step: number, steps: number, loss: number | null) => void,
): Promise<TrainedMasks> {
  const { data, shape, labelOf, inputs, images } = masks;
  const { id } = prepared.plan;
  const settings = stepsFor(images.length, options);
  const common = { shape, settings, seed, fold: 0 };
  // Boxes take a training of their own, which is not kept: interrupted, it begins anew.
  const before = masks.boxed === null ? 0 : settings.steps;
  const tell = (step: number, loss: number | null) => onStep(step, before + Math.max(settings.steps, step - before), loss);
  const { matrix, rows, note } = await settledRows(context, masks, {
    ...common,
    onProgress: (reached) => tell(reached.step, recentLoss(reached)),
  });
  const weights = memberWeights(matrix, rows, shape.members, seed);
  const resume = await readCheckpoint(checkpointFile, id, shape);
  let nextCheckpoint = 0;
  tell(before + (resume?.step ?? 0), null);
  const trained = await trainEnsemble(context, {
    ...common,
    matrix,
    rows,
    weights,
    ...(resume === undefined ? {} : { resume }),
    onProgress: async (reached, all) => {
      tell(before + reached.step, recentLoss(reached));
      const started = performance.now();
      if (started < nextCheckpoint) return;
      await writeCheckpoint(checkpointFile, id, shape, all());
      const after = performance.now();
      nextCheckpoint = after + (after - started) / CHECKPOINT_SHARE;
    },
  });
  const prior = classPriors(matrix.labels, rows, data.represents, weights, shape.members, shape.classes);
  const { state } = trained;
  const onBasis = foldClassifier({ shape, state, inputs, labelOf, labels: labels.length, prior });
  // ONNX Runtime labels the pixels for the gate in threads of its own meanwhile.
  const narrow = async () => {
    await nextTurn();
    freeMatrix(matrix);
    return narrowFirstLayer(onBasis, prepared.basis, prepared.projection);
  };
  const [trainingAccuracy, classifier] = await Promise.all([
    checkOnTrainingPixels(context, shape, matrix, rows, trained),
    narrow(),
  ]);
  return { classifier, shape: classifier.shape, steps: trained.step, loss: recentLoss(trained), trainingAccuracy, note };
}

/** The pixels to learn from, and what they are. */
async function settledRows(
  context: EngineContext,
  { data, boxed }: PreparedMasks,
  training: Pick<BoxesToSettle, 'shape' | 'settings' | 'seed' | 'fold' | 'onProgress'>,
): Promise<{ matrix: TrainingMatrix; rows: Int32Array; note: string | null }> {
  const { matrix } = data;
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  if (boxed === null) return { matrix, rows, note: null };
  const settled = await settleBoxes(context, { ...training, matrix, rows, boxed });
  const share = Math.round((100 * settled.agreed) / Math.max(1, settled.boxed));
  return { ...settled, note: `Of the pixels in boxes ${share} % were learnt: those on which all classifiers agreed.` };
}

/** The gate, on the inputs as trained and without the priors, which would hide a rare class that was learned well. */
async function checkOnTrainingPixels(
  context: EngineContext,
  shape: NetworkShape,
  matrix: TrainingMatrix,
  rows: Int32Array,
  { state }: Progress,
): Promise<number> {
  const classifier = foldScaled(shape, state);
  const some = everyNthRow(matrix, rows, Math.max(1, Math.floor(rows.length / GATE_PIXELS)));
  const predicted = await classifyRows(context, classifier, some);
  freeMatrix(some);
  return passGate(classifier, predicted, some.labels);
}
