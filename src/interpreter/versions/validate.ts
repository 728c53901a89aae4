import { type EngineContext, engineTask } from '../../engine/task.ts';
import { foldScaled } from '../ensemble/classifier.ts';
import { classifyRows } from '../ensemble/classify-graph.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { trainEnsemble } from '../ensemble/train-ensemble.ts';
import { addToConfusion, emptyConfusion, intersectionOverUnion, meanOverLabels, pixelAccuracy } from '../learning/metrics.ts';
import { Random } from '../learning/random.ts';
import { classPriors } from '../sampling/class-prior.ts';
import { memberWeights } from '../sampling/resample.ts';
import { freeMatrix } from '../sampling/training-matrix.ts';
import { type HeldOutPicture, type LikelySlip, likelySlips } from './likely-slips.ts';
import { type PreparedTraining, prepareTraining, type TrainingInput } from './prepare-training.ts';

/** Leave-images-out figures of a version, as plain JSON. */
export interface Validation {
  /** Pixels by truth (row) and prediction (column), labels by index, pooled over the held-out images. */
  readonly confusion: readonly (readonly number[])[];
  /** By label index; null where a label is annotated in fewer than two images. */
  readonly iou: readonly (number | null)[];
  /** Mean over the labels that have a value, background included; null with fewer than two others (meanOverLabels). */
  readonly mIoU: number | null;
  readonly pixelAccuracy: number;
  readonly folds: number;
  /** Annotations that disagree with the folds, the most striking first; validations of older releases have none. */
  readonly slips?: readonly LikelySlip[];
}

export const MOST_FOLDS = 4;
const MEMBERS = 2;

/**
 * How well a version's recipe labels annotated images that it has not seen: at most 4 folds of 2 members, on the features already sampled.
 * A held-out pixel counts for as many annotated pixels as it was drawn from, so the balance of the sample does not show in the figures.
 * Progress: {phase: 'validating', step: folds done, steps: folds}. null with a single image.
 * @throws DatasetGanError `training-refused`, `cancelled`
 */
export async function validate(input: TrainingInput, context: EngineContext): Promise<Validation | null> {
  if (input.images.length < 2) return null;
  const prepared = await prepareTraining(input, context, () => undefined);
  const { data, labelOf } = prepared;
  const labels = input.labels.length;
  const folds = foldsOf(prepared.images.length, input.seed);
  const confusion = emptyConfusion(labels);
  const pictures: HeldOutPicture[] = [];
  for (const [fold, heldOut] of folds.entries()) {
    const predicted = await predictHeldOut(input, prepared, heldOut, fold + 1, context);
    for (const [image, classes] of predicted) {
      const [from, to] = [data.starts[image]!, data.starts[image + 1]!];
      const truth = Uint8Array.from(data.matrix.labels.subarray(from, to), (c) => labelOf[c]!);
      const prediction = classes.map((c) => labelOf[c]!);
      const own = emptyConfusion(labels);
      addToConfusion(own, truth, prediction, data.represents.subarray(from, to));
      for (let i = 0; i < own.counts.length; i++) confusion.counts[i]! += own.counts[i]!;
      pictures.push({ image: prepared.images[image]!.image, confusion: own });
    }
    context.progress({ phase: 'validating', step: fold + 1, steps: folds.length });
  }
  freeMatrix(data.matrix);
  const annotatedIn = input.labels.map((_, label) => prepared.images.filter(({ labelPixels }) => labelPixels[label]! > 0).length);
  const iou = intersectionOverUnion(confusion).map((value, label) => (annotatedIn[label]! < 2 ? null : value));
  return {
    confusion: Array.from({ length: labels }, (_, label) => [...confusion.counts.subarray(label * labels, (label + 1) * labels)]),
    iou,
    mIoU: meanOverLabels(iou),
    pixelAccuracy: pixelAccuracy(confusion),
    folds: folds.length,
    slips: likelySlips(pictures),
  };
}
export const validateTask = engineTask(import.meta.url, validate);

/** Images 0 … count - 1 in random order, dealt out to at most 4 folds. */
export function foldsOf(count: number, seed: number): number[][] {
  const order = new Random(seed, 'folds').shuffle(Array.from({ length: count }, (_, image) => image));
  const folds = Math.min(MOST_FOLDS, count);
  return Array.from({ length: folds }, (_, fold) => order.filter((_, place) => place % folds === fold));
}

/** Trains on the other images and gives the classes of each held-out image's rows. */
async function predictHeldOut(
  { settings, seed }: TrainingInput,
  { data, shape, images }: PreparedTraining,
  heldOut: readonly number[],
  fold: number,
  context: EngineContext,
): Promise<Map<number, Uint8Array>> {
  const { matrix, represents } = data;
  const schedule = stepsFor(images.length - heldOut.length, settings);
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row).filter((row) => !heldOut.includes(matrix.images[row]!));
  const small = { ...shape, members: MEMBERS };
  const weights = memberWeights(matrix, rows, MEMBERS, seed, fold);
  const { state } = await trainEnsemble(context, {
    matrix,
    shape: small,
    settings: { ...schedule, members: MEMBERS, maxSteps: schedule.steps },
    seed,
    fold,
    rows,
    weights,
  });
  const prior = classPriors(matrix.labels, rows, represents, weights, MEMBERS, shape.classes);
  const classifier = foldScaled(small, state, prior);
  const out = new Map<number, Uint8Array>();
  for (const image of heldOut)
    out.set(image, await classifyRows(context, classifier, matrix, data.starts[image]!, data.starts[image + 1]!));
  return out;
}
