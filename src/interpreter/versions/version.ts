import { statSync } from 'node:fs';
import { DatasetGanError } from '../../errors.ts';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import type { LabelBox } from '../boxes/label-box.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import { type FloatTensor, readTensorFile, tensorHash, writeTensorFile } from '../learning/tensor-file.ts';
import type { NetworkShape } from '../network-shape.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { TrainingSettings } from '../recipe.ts';

/** What is known of a version on any network, as plain JSON. Versions are immutable; validation adds its figures beside it. */
export interface TrainingRecord<I> {
  readonly id: string;
  readonly recipe: number;
  readonly labels: readonly string[];
  /**
   * Indices of the labels that the softmax is over; the others were never annotated and are never predicted. Empty in a version with keypoints alone,
   * whose shape, steps, loss and trainingAccuracy are those of its keypoint head.
   */
  readonly annotatedLabels: readonly number[];
  /** k, E, H1 and H2, K = labels.length. In versions of recipes before 5, D in place of k. */
  readonly shape: NetworkShape;
  /** sha256 of the basis that it was trained on; left out in versions of recipes before 5. */
  readonly basis?: string;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly images: readonly TrainedImage<I>[];
  /** What the annotator should know: slips dropped, pictures left out for lack of memory, labels never annotated. */
  readonly notes: readonly string[];
  readonly steps: number;
  /** Mean loss of the last 100 steps. */
  readonly loss: number;
  /** Share of the training pixels that the ensemble labels as annotated, before the class priors are put right. */
  readonly trainingAccuracy: number;
  readonly seconds: { readonly sampling: number; readonly training: number; readonly total: number };
  /** sha256 of the weights. */
  readonly weights: string;
  /** Left out where no picture had a keypoint. */
  readonly keypoints?: TrainedKeypoints;
}

/** All that is known of a version on a generator. */
export interface VersionRecord extends TrainingRecord<ImageIdentity> {
  /** Generator id. */
  readonly generator: string;
  readonly psi: number;
  readonly cutoff: number | null;
  readonly classRule: string;
}

/** What is known of a version's keypoints. */
export interface TrainedKeypoints {
  /** In the order of their index. */
  readonly names: readonly string[];
  /** Indices of those that some picture had; the others are never predicted. */
  readonly annotatedKeypoints: readonly number[];
  /** Standard deviation of the heat around a point, in pixels of the label map. */
  readonly sigma: number;
  /** Heat of the peak from which on a keypoint is in the picture, by index; 1 for those that no picture had. */
  readonly thresholds: readonly number[];
  /** k, E, H1 and H2, K = names.length. */
  readonly shape: NetworkShape;
  readonly steps: number;
  /** Mean squared error of the last 100 steps, summed over the keypoints. */
  readonly loss: number;
  /** Share of the marked points that the ensemble sees within 5 % of the longer side, in the pictures that it learnt from. */
  readonly trainingAccuracy: number;
}

export interface TrainedImage<I = ImageIdentity> {
  readonly image: I;
  /** sha256 of the decoded label map. */
  readonly annotation: string;
  readonly sampledPixels: number;
  /** Annotated pixels by label, slips left out. */
  readonly labelPixels: readonly number[];
  /** Left out where the annotation had none. */
  readonly boxes?: readonly LabelBox[];
  /** By keypoint index; left out where the annotation had no point. */
  readonly keypoints?: MarkedKeypoints;
}

/** The ensembles of a version: one that labels pixels, one that finds keypoints, or both. */
export interface Heads {
  readonly masks?: Classifier;
  readonly keypoints?: Classifier;
}

/** Tensors of the keypoint head have it before their names. */
const KEYPOINT_PREFIX = 'keypoints.';

/** The trained weights by the names and dims of the file. */
export function headTensors({ masks, keypoints }: Heads): Map<string, FloatTensor> {
  const own = masks === undefined ? [] : classifierTensors(masks);
  const others = keypoints === undefined ? [] : classifierTensors(keypoints);
  return new Map([...own, ...[...others].map(([name, tensor]) => [`${KEYPOINT_PREFIX}${name}`, tensor] as const)]);
}

function classifierTensors({ shape, projection, w1, b1, w2, b2, w3, b3 }: Classifier): Map<string, FloatTensor> {
  const { dims, members, hidden, classes } = shape;
  const [h1, h2] = hidden;
  return new Map<string, FloatTensor>([
    ...(projection === undefined ? [] : [['projection', { dims: [projection.length / dims, dims], data: projection }] as const]),
    ['w1', { dims: [dims, members, h1], data: w1 }],
    ['b1', { dims: [members, h1], data: b1 }],
    ['w2', { dims: [members, h1, h2], data: w2 }],
    ['b2', { dims: [members, h2], data: b2 }],
    ['w3', { dims: [members, h2, classes], data: w3 }],
    ['b3', { dims: [members, classes], data: b3 }],
  ]);
}

/** Writes a version's file: the weights, with the record as metadata. */
export async function writeVersion(file: string, record: TrainingRecord<unknown>, heads: Heads): Promise<void> {
  await writeTensorFile(file, headTensors(heads), record);
}

export interface Version<R = VersionRecord> extends Heads {
  readonly record: R;
}

/** There are no sound weights where a version's should be. */
export function versionLost(file: string, cause?: unknown): DatasetGanError {
  return new DatasetGanError('version-lost', `The weights of a version are missing or damaged: ${file}.`, {
    fix: 'Train its project again: POST /api/projects/ID/train, or datasetgan train ID. The same annotations give the same version. Or use another version.',
    cause,
  });
}

/**
 * Reads a version's file.
 * @throws DatasetGanError `version-lost` when it is not there, damaged, or cannot be read
 */
export async function readVersion<R extends TrainingRecord<unknown> = VersionRecord>(file: string): Promise<Version<R>> {
  const { metadata, tensors } = await readTensorFile(file).catch((cause: unknown) => {
    throw versionLost(file, cause);
  });
  const record = metadata as R;
  const { shape, annotatedLabels, keypoints } = record;
  const head = (prefix: string, own: NetworkShape): Classifier => {
    const names = ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const;
    const [w1, b1, w2, b2, w3, b3] = names.map((name) => tensors.get(`${prefix}${name}`)?.data);
    if (!w1 || !b1 || !w2 || !b2 || !w3 || !b3) throw versionLost(file);
    const layers = { shape: own, w1, b1, w2, b2, w3, b3 };
    const projection = tensors.get(`${prefix}projection`)?.data;
    return projection === undefined ? layers : { ...layers, projection };
  };
  return {
    record,
    ...(annotatedLabels.length === 0 ? {} : { masks: head('', shape) }),
    ...(keypoints === undefined ? {} : { keypoints: head(KEYPOINT_PREFIX, keypoints.shape) }),
  };
}

/** Whether a file holds the weights of that version, all of them as they were written. weights: their sha256. */
export async function isVersionFile(file: string, id: string, weights: string): Promise<boolean> {
  try {
    const { record, ...heads } = await readVersion(file);
    return record.id === id && record.weights === weights && tensorHash(headTensors(heads)) === weights;
  } catch {
    // Missing, cut off, altered, unreadable: whatever it is, it is not that.
    return false;
  }
}

/** Versions kept in a worker thread: the current one, and those that a refresh and a dataset still use. */
const kept = new RecentlyUsed<Version<unknown>>(4);

/** As readVersion, keeping the few used last. A file that was replaced is read again. */
export async function loadVersion<R extends TrainingRecord<unknown> = VersionRecord>(file: string): Promise<Version<R>> {
  const info = statSync(file, { throwIfNoEntry: false });
  const key = `${file} ${info?.ino} ${info?.size} ${info?.mtimeMs}`;
  return (await kept.get(key, () => readVersion<R>(file))) as Version<R>;
}
