import type { EngineContext } from '../../engine/task.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { settleBoxes } from '../boxes/settle-boxes.ts';
import { foldScaled } from '../ensemble/classifier.ts';
import { classifyRows } from '../ensemble/classify-graph.ts';
import { stepsFor } from '../ensemble/schedule.ts';
import { trainEnsemble } from '../ensemble/train-ensemble.ts';
import { addToConfusion, emptyConfusion, intersectionOverUnion, meanOverLabels, pixelAccuracy } from '../learning/metrics.ts';
import { classPriors } from '../sampling/class-prior.ts';
import { memberWeights } from '../sampling/resample.ts';
import { freeMatrix } from '../sampling/training-matrix.ts';
import { type HeldOutPicture, type LikelySlip, likelySlips } from './likely-slips.ts';
import type { PreparedMasks, PreparedTraining, TrainingInput } from './prepare-training.ts';

/** Leave-images-out figures of a version's masks, as plain JSON. */
export interface MaskValidation<I = ImageIdentity> {
  /** Pixels by truth (row) and prediction (column), labels by index, pooled over the held-out images. */
  readonly confusion: readonly (readonly number[])[];
  /** By label index; null where a label is annotated in fewer than two images. */
  readonly iou: readonly (number | null)[];
  /** Mean over the labels that have a value, background included; null with fewer than two others (meanOverLabels). */
  readonly mIoU: number | null;
  /** null where no mask was held out. */
  readonly pixelAccuracy: number | null;
  /** Annotations that disagree with the folds, the most striking first; validations of older releases have none. */
  readonly slips?: readonly LikelySlip<I>[];
}

/** Members of an ensemble that pictures are held out from. */
export const VALIDATION_MEMBERS = 2;

/**
 * How well held-out pictures are labelled. A held-out pixel counts for as many annotated pixels as it was drawn from. Gives the matrix's memory back.
 * @param folds pictures of the mask head's data, held out together; none where there are fewer than two
 */
export async function validateMasks<I>(
  input: TrainingInput<I>,
  { masks, images }: PreparedTraining<I>,
  folds: readonly (readonly number[])[],
  context: EngineContext,
  onFold: () => void,
  keyOf: (image: I) => string,
): Promise<MaskValidation<I>> {
  const labels = input.labels.length;
  const confusion = emptyConfusion(labels);
  const pictures: HeldOutPicture<I>[] = [];
  for (const [fold, heldOut] of folds.entries()) {
    const { data, boxed, labelOf, images: imageOf } = masks!;
    const predicted = await predictHeldOut(input, masks!, heldOut, fold + 1, context);
    for (const [picture, classes] of predicted) {
      const [from, to] = [data.starts[picture]!, data.starts[picture + 1]!];
      // What boxes hold is not known, so nothing can be measured there.
      const known = <T extends Uint8Array | Float32Array>(of: T) => of.filter((_, row) => boxed?.[from + row] == null) as T;
      const truth = known(data.matrix.labels.subarray(from, to)).map((c) => labelOf[c]!);
      const prediction = known(classes).map((c) => labelOf[c]!);
      const own = emptyConfusion(labels);
      addToConfusion(own, truth, prediction, known(data.represents.subarray(from, to)));
      for (let i = 0; i < own.counts.length; i++) confusion.counts[i]! += own.counts[i]!;
      pictures.push({ image: images[imageOf[picture]!]!.image, confusion: own });
    }
    onFold();
  }
  if (masks !== null) freeMatrix(masks.data.matrix);
  const annotatedIn = input.labels.map((_, label) => images.filter(({ labelPixels }) => labelPixels[label]! > 0).length);
  const iou = intersectionOverUnion(confusion).map((value, label) => (annotatedIn[label]! < 2 ? null : value));
  return {
    confusion: Array.from({ length: labels }, (_, label) => [...confusion.counts.subarray(label * labels, (label + 1) * labels)]),
    iou,
    mIoU: meanOverLabels(iou),
    pixelAccuracy: folds.length === 0 ? null : pixelAccuracy(confusion),
    slips: likelySlips(pictures, keyOf),
  };
}

/** Trains on the other pictures and gives the classes of each held-out picture's rows. */
async function predictHeldOut(
  { settings, seed }: TrainingInput<unknown>,
  { data, shape, boxed, images }: PreparedMasks,
  heldOut: readonly number[],
  fold: number,
  context: EngineContext,
): Promise<Map<number, Uint8Array>> {
  const { represents } = data;
  const schedule = stepsFor(images.length - heldOut.length, settings);
  const every = Int32Array.from({ length: data.matrix.rows }, (_, row) => row);
  const others = every.filter((row) => !heldOut.includes(data.matrix.images[row]!));
  const small = { ...shape, members: VALIDATION_MEMBERS };
  const common = { shape: small, settings: { ...schedule, members: VALIDATION_MEMBERS, maxSteps: schedule.steps }, seed, fold };
  const learnt = { ...common, matrix: data.matrix, rows: others };
  const { matrix, rows } = boxed === null ? learnt : await settleBoxes(context, { ...learnt, boxed });
  const weights = memberWeights(matrix, rows, VALIDATION_MEMBERS, seed, fold);
  const { state } = await trainEnsemble(context, { ...common, matrix, rows, weights });
  const prior = classPriors(matrix.labels, rows, represents, weights, VALIDATION_MEMBERS, shape.classes);
  const classifier = foldScaled(small, state, prior);
  const out = new Map<number, Uint8Array>();
  for (const picture of heldOut)
    out.set(picture, await classifyRows(context, classifier, matrix, data.starts[picture]!, data.starts[picture + 1]!));
  return out;
}
