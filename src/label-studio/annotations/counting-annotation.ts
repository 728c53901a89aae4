import { DatasetGanError, toError } from '../../errors.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { type DecodedRegions, labelMapOfRegions, type Reference } from '../regions/label-map-of-regions.ts';
import { versionOfRegions } from '../regions/region.ts';
import { regionsOfLabelMap } from '../regions/regions-of-label-map.ts';
import { unpaintedAsBackground } from '../regions/unpainted-as-background.ts';
import type { AnnotatedTask, Annotation } from './annotated-task.ts';
import { isEmpty, meetsNeighbours, type Painted, type Unpainted, unpaintedIsBackground } from './read-unpainted.ts';

/** A prediction of ours for one task: what we pushed, or what a version says about its picture. */
export interface KnownPrediction {
  /** Of its row in Label Studio, where there is or was one. */
  readonly id: number | null;
  readonly version: string | null;
  readonly shows: Reference;
}

export interface CountingAnnotation {
  /** The annotation to train on; null when none counts. */
  readonly counted: {
    readonly annotationId: number;
    readonly updatedAt: string;
    /** Final, unless `painted` is there. */
    readonly labelMap: LabelMap;
    /** Where the picture must be looked at to tell what its unpainted pixels mean (readUnpainted); null where that is known. */
    readonly painted: Painted | null;
  } | null;
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
 * Machine-made: its label map equals a prediction of ours and `lead_time` is null, as "create annotations from predictions" and our own pushes make
 * them; a human's submit has a lead time. `ground_truth` says nothing: Label Studio sets it on every import.
 *
 * An annotation in which nothing is painted is ignored, and the one before it counts: most are a Submit on an untouched picture. It is all background
 * where the rules say so, and where somebody deleted what a prediction had shown.
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

  for (const annotation of newestFirst) {
    if (annotation.was_cancelled === true) {
      skipped++;
      continue;
    }
    try {
      if (typeof annotation.lead_time !== 'number' && (await isMachineMade(annotation.result))) {
        machineMade++;
        continue;
      }
      if (counted !== null) continue;
      const reference = referenceOf(annotation, predictions);
      const decoded = await labelMapOfRegions(annotation.result, config, width, height, reference);
      const began = reference !== undefined && showsSomething(reference);
      const read = readPainted(decoded, config, rules, began);
      notes.push(...decoded.notes.map((note) => `task ${task.id}: ${note}`));
      if (read === undefined) {
        if (decoded.lost) throw new DatasetGanError('bad-annotation', decoded.notes.join('; '));
        notes.push(`task ${task.id}: ignored because it was submitted empty; if it is all background, ${TEACH_EMPTY}`);
        continue;
      }
      counted = { annotationId: annotation.id, updatedAt: annotation.updated_at ?? '', ...read };
    } catch (thrown) {
      if (counted === null) rejected.push(`task ${task.id}, annotation ${annotation.id}: ${toError(thrown).message}`);
    }
  }
  return { counted, machineMade, skipped, rejected, notes };
}

const TEACH_EMPTY = 'add "empty": "background" to the extra parameters of the connection';

/** @returns undefined when nothing is painted and the rules do not say what that means */
function readPainted(
  { map, regions, lost }: DecodedRegions,
  { sparse }: LabelConfig,
  { unpainted, empty }: UnpaintedRules,
  began: boolean,
): Pick<NonNullable<CountingAnnotation['counted']>, 'labelMap' | 'painted'> | undefined {
  const painted: Painted = { map, unpainted: Uint8Array.from(regions, (region) => (region === 0 ? 1 : 0)) };
  if (isEmpty(painted)) {
    const meant = !lost && (empty === 'background' || (began && !sparse));
    return meant ? { labelMap: unpaintedIsBackground(painted), painted: null } : undefined;
  }
  if (sparse || lost) return { labelMap: map, painted: null };
  // Whoever corrects a prediction has seen all of it.
  const full = unpainted === 'background' || (unpainted === 'auto' && (began || meetsNeighbours(painted)));
  return full ? { labelMap: unpaintedIsBackground(painted), painted: null } : { labelMap: map, painted };
}

function showsSomething(reference: Reference): boolean {
  return 'data' in reference ? reference.data.some((label) => label > 0 && label !== UNKNOWN) : reference.length > 0;
}

/** Milliseconds since the epoch; 0 when there is no date. */
const updatedAt = ({ updated_at, created_at }: Annotation): number => Date.parse(updated_at ?? created_at ?? '') || 0;

/** The prediction an annotation began as: by its row; if that is gone, by the version in the ids of its regions. */
function referenceOf(annotation: Annotation, predictions: readonly KnownPrediction[]): Reference | undefined {
  const { parent_prediction: parent, result } = annotation;
  const byRow = typeof parent === 'number' ? predictions.find(({ id }) => id === parent) : undefined;
  if (byRow !== undefined) return byRow.shows;
  const version = versionOfRegions(result);
  return version === null ? undefined : predictions.find((prediction) => prediction.version === version)?.shows;
}

/** Tells whether a result decodes to the label map of one of the predictions. These are decoded on first use: most tasks never need it. */
function machineMadeTest(predictions: readonly KnownPrediction[], config: LabelConfig, width: number, height: number) {
  let maps: Promise<LabelMap[]> | undefined;
  const decode = async ({ shows }: KnownPrediction): Promise<LabelMap> => {
    const result = 'data' in shows ? regionsOfLabelMap(config, shows, { version: '', width, height }) : shows;
    return unpaintedAsBackground(await labelMapOfRegions(result, config, width, height), config);
  };
  return async (result: unknown): Promise<boolean> => {
    if (predictions.length === 0) return false;
    maps ??= Promise.allSettled(predictions.map(decode)).then((all) =>
      all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    );
    const decoded = await labelMapOfRegions(result, config, width, height);
    const { data } = unpaintedAsBackground(decoded, config);
    return (await maps).some((other) => Buffer.compare(other.data, data) === 0);
  };
}
