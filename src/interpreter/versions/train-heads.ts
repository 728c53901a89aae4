import type { EngineContext } from '../../engine/task.ts';
import { deleteCheckpoint } from '../ensemble/checkpoint.ts';
import { tensorHash } from '../learning/tensor-file.ts';
import { RECIPE } from '../recipe.ts';
import { type PreparedTraining, prepareTraining, type TrainingInput, type TrainingNetwork } from './prepare-training.ts';
import { trainKeypointHead } from './train-keypoint-head.ts';
import { trainMaskHead } from './train-mask-head.ts';
import { type Heads, headTensors, type TrainingRecord, writeVersion } from './version.ts';

/** Where a training writes. */
export interface TrainingFiles {
  /** Where an interrupted training leaves its state, and finds it again. */
  readonly checkpointFile: string;
  /** Where the weights go. */
  readonly versionFile: string;
  /** What is to be known of the annotations; part of the record, not of the id. */
  readonly notes?: readonly string[];
}

export interface TrainProgress {
  readonly phase: 'reading the pictures' | 'learning the features' | 'sampling' | 'training' | 'storing';
  /** Pictures read, images sampled, or steps done. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the last steps; null before the first. */
  readonly loss: number | null;
}

/** What the training of prepared heads is told. */
export type HeadTraining = Pick<TrainingInput<unknown>, 'settings' | 'seed' | 'labels' | 'keypoints'> & TrainingFiles;

/**
 * Trains a version on any network and writes its file; the record comes back. Progress: TrainProgress.
 * @param complete adds what names the network to the record
 * @throws DatasetGanError `bad-annotation`, and trainPrepared's
 */
export async function trainHeads<I, R extends TrainingRecord<I>>(
  context: EngineContext,
  input: TrainingInput<I> & TrainingFiles,
  network: TrainingNetwork<I>,
  complete: (record: TrainingRecord<I>) => R,
): Promise<R> {
  const progress = (value: TrainProgress) => context.progress(value);
  const began = performance.now();
  progress({ phase: 'sampling', step: 0, steps: input.images.length, loss: null });
  const prepared = await prepareTraining(input, network, context, (done, of) =>
    progress({ phase: 'sampling', step: done, steps: of, loss: null }),
  );
  return trainPrepared(context, input, prepared, began, complete);
}

/**
 * Trains the heads of a version on sampled features and writes its file: the mask head first, then the keypoint head.
 * @param began when its sampling began, by performance.now()
 * @throws DatasetGanError `training-refused` (gate), `cancelled`, `disk-full`
 */
export async function trainPrepared<I, R extends TrainingRecord<I>>(
  context: EngineContext,
  input: HeadTraining,
  prepared: PreparedTraining<I>,
  began: number,
  complete: (record: TrainingRecord<I>) => R,
): Promise<R> {
  const { settings, seed, checkpointFile } = input;
  const progress = (value: TrainProgress) => context.progress(value);
  const sampled = performance.now();
  const onStep = (step: number, steps: number, loss: number | null) => progress({ phase: 'training', step, steps, loss });
  const masks = prepared.masks === null ? undefined : await trainMaskHead(context, input, prepared, prepared.masks, onStep);
  const keypoints =
    prepared.keypoints === null ? undefined : await trainKeypointHead(context, input, prepared, prepared.keypoints, onStep);
  const trainedAt = performance.now();
  const heads: Heads = {
    ...(masks === undefined ? {} : { masks: masks.classifier }),
    ...(keypoints === undefined ? {} : { keypoints: keypoints.classifier }),
  };
  const { shape, steps, loss, trainingAccuracy } = masks ?? keypoints!.record;
  progress({ phase: 'storing', step: 0, steps: 1, loss });
  const seconds = (from: number, to: number) => (to - from) / 1000;
  const record = complete({
    id: prepared.plan.id,
    recipe: RECIPE,
    labels: input.labels,
    annotatedLabels: prepared.masks?.labelOf ?? [],
    shape,
    basis: prepared.basis.sha256,
    settings,
    seed,
    images: prepared.images,
    notes: [...prepared.notes, ...(masks?.note == null ? [] : [masks.note]), ...(input.notes ?? [])],
    steps,
    loss,
    trainingAccuracy,
    seconds: {
      sampling: seconds(began, sampled),
      training: seconds(sampled, trainedAt),
      total: seconds(began, performance.now()),
    },
    weights: tensorHash(headTensors(heads)),
    ...(keypoints === undefined ? {} : { keypoints: keypoints.record }),
  });
  await writeVersion(input.versionFile, record, heads);
  await deleteCheckpoint(checkpointFile);
  return record;
}
