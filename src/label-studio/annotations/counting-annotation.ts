import { DatasetGanError, toError } from '../../errors.ts';
import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { boxesOfRegions, type DecodedBoxes, insideBoxes, type LabelBox } from '../regions/boxes-of-regions.ts';
import { type DecodedKeypoints, keypointsOfRegions } from '../regions/keypoints-of-regions.ts';
import { type DecodedRegions, labelMapOfRegions } from '../regions/label-map-of-regions.ts';
import { versionOfRegions } from '../regions/region.ts';
import type { Drawing } from './agreement.ts';
import type { AnnotatedTask, Annotation } from './annotated-task.ts';
import { type KnownPrediction, shownPoints, showsMasks } from './known-prediction.ts';
import { machineMadeTest } from './machine-made.ts';
import { isEmpty, meetsNeighbours, type Painted, type Unpainted, unpaintedIsBackground } from './read-unpainted.ts';
import { type SecondOpinion, secondOpinions } from './second-opinions.ts';

export interface CountingAnnotation {
  /** The annotation to train on; null when none counts. */
  readonly counted: {
    readonly annotationId: number;
    readonly updatedAt: string;
    /** Final, unless `painted` is there. */
    readonly labelMap: LabelMap;
    /** Where the picture must be looked at to tell what its unpainted pixels mean (readUnpainted); null where that is known. */
    readonly painted: Painted | null;
    /** Boxes around parts. Outside of them an unpainted pixel is background, inside it is unknown. */
    readonly boxes: readonly LabelBox[];
    /** By keypoint of the config; null: it says nothing about keypoints. */
    readonly keypoints: MarkedKeypoints | null;
  } | null;
  /** What other users drew in the same picture, against the annotation that counts. */
  readonly opinions: readonly SecondOpinion[];
  /** Annotations that are a prediction of ours, unchanged. */
  readonly machineMade: number;
  readonly skipped: number;
  /** One line for each annotation that would have counted but cannot be read. */
  readonly rejected: readonly string[];
  /** One line for each thing that was ignored or assumed. */
  readonly notes: readonly string[];
}

/** What a project says about pixels that nobody painted. */
export interface UnpaintedRules {
  readonly unpainted: Unpainted;
  /** What an annotation without any painted pixel means: it is ignored, or all background. */
  readonly empty: 'ignore' | 'background';
}

/**
 * Which of a task's annotations counts: the last updated one that is not skipped (`was_cancelled`), not machine-made, and can be read.
 *
 * Machine-made: its label map and its points equal a prediction of ours and `lead_time` is null, as "create annotations from predictions" and our own
 * pushes make them; a human's submit has a lead time. `ground_truth` says nothing: Label Studio sets it on every import.
 *
 * An annotation with nothing in it is ignored, and the one before it counts: most are a Submit on an untouched picture. It is all background where the
 * rules say so, and where somebody deleted the masks that a prediction had shown. With points alone, it says nothing about masks.
 *
 * With boxes, what is neither painted nor in one of them is background, whatever the rules; what is in a box and not painted is unknown.
 *
 * One without points says nothing about keypoints, except where somebody deleted all that a prediction had shown: then all are absent.
 *
 * @param width, height size of the picture
 * @param known our predictions for the task; those that `task` carries are used too
 */
export async function countingAnnotation(
  task: AnnotatedTask,
  config: LabelConfig,
  width: number,
  height: number,
  rules: UnpaintedRules,
  known: readonly KnownPrediction[] = [],
): Promise<CountingAnnotation> {
  const predictions = [...known, ...task.predictions.map(({ id, version, result }) => ({ id, version, shows: result }))];
  const isMachineMade = machineMadeTest(predictions, config, width, height);
  const newestFirst = [...task.annotations].sort((a, b) => updatedAt(b) - updatedAt(a) || b.id - a.id);
  let counted: CountingAnnotation['counted'] = null;
  let machineMade = 0;
  let skipped = 0;
  const rejected: string[] = [];
  const notes: string[] = [];
  const others: Annotation[] = [];
  const draw = async (annotation: Annotation): Promise<Drawing | null> => {
    const shown = originOf(annotation, predictions)?.shows;
    const { map } = await labelMapOfRegions(annotation.result, config, width, height, shown);
    const { marked } = keypointsOfRegions(annotation.result, config, width, height);
    return marked === null && map.data.every((label) => label === UNKNOWN) ? null : { map, keypoints: marked };
  };

  for (const annotation of newestFirst) {
    if (annotation.was_cancelled === true) {
      skipped++;
      continue;
    }
    try {
      // A prediction of ours has no boxes.
      const boxed = boxesOfRegions(annotation.result, config, width, height);
      if (boxed.boxes.length === 0 && typeof annotation.lead_time !== 'number' && (await isMachineMade(annotation.result))) {
        machineMade++;
        continue;
      }
      if (counted !== null) {
        others.push(annotation);
        continue;
      }
      const origin = originOf(annotation, predictions);
      const decoded = await labelMapOfRegions(annotation.result, config, width, height, origin?.shows);
      const points = keypointsOfRegions(annotation.result, config, width, height);
      const keypoints = readPoints(points, origin === undefined ? null : shownPoints(origin, config, width, height));
      const began = origin !== undefined && showsMasks(origin);
      const read =
        boxed.boxes.length > 0
          ? readBoxed(decoded, boxed)
          : readPainted(
              decoded,
              config,
              keypoints === null && !boxed.lost ? rules : { ...rules, empty: 'ignore' },
              began && !boxed.lost,
            );
      const own = [...new Set([...decoded.notes, ...boxed.notes, ...points.notes])];
      notes.push(...own.map((note) => `task ${task.id}: ${note}`));
      if (read === undefined && keypoints === null) {
        if (decoded.lost || boxed.lost || points.lost) throw new DatasetGanError('bad-annotation', own.join('; '));
        notes.push(`task ${task.id}: ${config.controls.length === 0 ? IGNORED : `${IGNORED}; ${TEACH_EMPTY}`}`);
        continue;
      }
      const masks = read ?? { labelMap: decoded.map, painted: null };
      counted = { annotationId: annotation.id, updatedAt: annotation.updated_at ?? '', ...masks, boxes: boxed.boxes, keypoints };
    } catch (thrown) {
      if (counted === null) rejected.push(`task ${task.id}, annotation ${annotation.id}: ${toError(thrown).message}`);
    }
  }
  const own = task.annotations.find(({ id }) => id === counted?.annotationId);
  const opinions = own === undefined ? [] : await secondOpinions(own, others, draw, config);
  return { counted, opinions, machineMade, skipped, rejected, notes };
}

const IGNORED = 'ignored because it was submitted empty';
const TEACH_EMPTY = 'if it is all background, add "empty": "background" to the extra parameters of the connection';

/** What is neither painted nor in a box is background; unknown where a region was lost that may be there. */
function readBoxed({ map, regions, lost }: DecodedRegions, boxed: DecodedBoxes): { labelMap: LabelMap; painted: null } {
  if (lost || boxed.lost) return { labelMap: map, painted: null };
  const inside = insideBoxes(boxed.boxes, map.width, map.height);
  const data = map.data.map((label, pixel) => (regions[pixel] === 0 && inside[pixel] === 0 ? 0 : label));
  return { labelMap: { ...map, data }, painted: null };
}

/** @returns undefined when nothing is painted and the rules do not say what that means; then its map is UNKNOWN all over */
function readPainted(
  { map, regions, lost }: DecodedRegions,
  { sparse, controls }: LabelConfig,
  { unpainted, empty }: UnpaintedRules,
  began: boolean,
): Pick<NonNullable<CountingAnnotation['counted']>, 'labelMap' | 'painted'> | undefined {
  const painted: Painted = { map, unpainted: Uint8Array.from(regions, (region) => (region === 0 ? 1 : 0)) };
  if (isEmpty(painted)) {
    const meant = !lost && controls.length > 0 && (empty === 'background' || (began && !sparse));
    return meant ? { labelMap: unpaintedIsBackground(painted), painted: null } : undefined;
  }
  if (sparse || lost) return { labelMap: map, painted: null };
  // Whoever corrects a prediction has seen all of it.
  const full = unpainted === 'background' || (unpainted === 'auto' && (began || meetsNeighbours(painted)));
  return full ? { labelMap: unpaintedIsBackground(painted), painted: null } : { labelMap: map, painted };
}

/** @param shown the points that the annotator saw when they began */
function readPoints({ marked, lost }: DecodedKeypoints, shown: MarkedKeypoints | null): MarkedKeypoints | null {
  return marked ?? (lost || shown === null ? null : shown.map(() => null));
}

/** Milliseconds since the epoch; 0 when there is no date. */
const updatedAt = ({ updated_at, created_at }: Annotation): number => Date.parse(updated_at ?? created_at ?? '') || 0;

/** The prediction an annotation began as: by its row; if that is gone, by the version in the ids of its regions. */
function originOf(annotation: Annotation, predictions: readonly KnownPrediction[]): KnownPrediction | undefined {
  const { parent_prediction: parent, result } = annotation;
  const byRow = typeof parent === 'number' ? predictions.find(({ id }) => id === parent) : undefined;
  if (byRow !== undefined) return byRow;
  const version = versionOfRegions(result);
  return version === null ? undefined : predictions.find((prediction) => prediction.version === version);
}
