import { isError } from '../../errors.ts';
import type { UnpaintedRules } from '../../label-studio/annotations/counting-annotation.ts';
import type { KnownPrediction } from '../../label-studio/annotations/known-prediction.ts';
import type { AnnotationMark } from '../../label-studio/client/annotations.ts';
import { annotationMarks, readAnnotations } from '../../label-studio/client/annotations.ts';
import { getPrediction } from '../../label-studio/client/predictions.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import type { AnnotationsRecord } from '../../store/records.ts';
import type { Project } from '../../store/schema.ts';
import { getVersion } from '../../store/versions.ts';
import {
  type AnnotationOrigins,
  annotationOriginsTask,
  type DecodedAnnotations,
  decodeAnnotationsTask,
} from '../engine-tasks/decode-annotations.ts';
import type { Inference } from '../product/contexts.ts';
import type { SeenAnnotations } from '../product/decoded-cache.ts';
import type { Picture } from '../product/picture.ts';
import type { Product } from '../product/product.ts';
import type { LinkedProject } from '../projects/linked-project.ts';
import type { PictureSource } from '../sources/picture-source.ts';
import { withPictureRead } from './with-picture-read.ts';

/** A task with an annotation that counts, and what it shows. */
export type PulledTask = SeenAnnotations & { readonly picture: Picture };

export interface PulledProject {
  /** Tasks with an annotation that counts, by task id. */
  readonly counted: readonly PulledTask[];
  readonly record: AnnotationsRecord;
}

/**
 * The annotations of one project as Label Studio has them now, decoded. Only tasks whose annotations changed since the last pull are read.
 * @param config labels that the label maps are in
 * @param rules what the labelling project says about unpainted pixels
 * @throws DatasetGanError the client's errors, `cancelled`
 */
export async function pullProject(
  product: Inference & Pick<Product, 'decoded'>,
  { row, connection }: LinkedProject,
  config: LabelConfig,
  source: PictureSource,
  rules: UnpaintedRules,
  signal: AbortSignal,
): Promise<PulledProject> {
  const marks = await projectMarks(connection, row, signal);
  const signatures = signaturesByTask(marks, config, rules);
  const entries = new Map<number, { signature: string; decoded: SeenAnnotations }>();
  const unread: string[] = [];
  const changed: number[] = [];
  for (const [task, signature] of signatures) {
    const decoded = product.decoded.get(row.key, task, signature);
    if (decoded === undefined) changed.push(task);
    else entries.set(task, { signature, decoded });
  }
  for await (const body of readAnnotations(connection, row.ls_id, changed, signal)) {
    const origins = await product.engine.run(annotationOriginsTask, body, { lane: 'codec', signal });
    const { pictures, problems } = await source.picturesOf(
      origins.map(({ task: id, data, meta }) => ({ id, data, meta })),
      signal,
    );
    unread.push(...problems.values());
    const predictions = await originalPredictions(product, connection, source, origins, pictures, signal);
    const sizes = new Map([...pictures].map(([task, picture]) => [task, source.sizeOf(picture)]));
    const decoded = await product.engine.run(
      decodeAnnotationsTask,
      { body, config, sizes, rules, predictions },
      { lane: 'codec', signal },
    );
    for (const task of decoded) {
      // It may be there later, though nobody annotates it anew.
      if (problems.has(task.taskId)) continue;
      const seen = { ...task, picture: pictures.get(task.taskId) ?? null };
      const final = await withPictureRead(product, source, seen, { rules, labels: config.labels.length, signal });
      entries.set(task.taskId, { signature: signatures.get(task.taskId) ?? '', decoded: final });
    }
  }
  product.decoded.set(row.key, entries);
  const all = [...entries.values()].map(({ decoded }) => decoded).sort((a, b) => a.taskId - b.taskId);
  const counted = all.flatMap((task) => {
    const { picture } = task;
    return task.counted !== null && picture !== null && source.isOwn(picture) ? [{ ...task, picture }] : [];
  });
  const sum = (of: (task: DecodedAnnotations) => number) => all.reduce((total, task) => total + of(task), 0);
  return {
    counted,
    record: {
      set: markSet(marks),
      counted: counted.length,
      machineMade: sum((task) => task.machineMade),
      skipped: sum((task) => task.skipped),
      rejected: [...unread, ...all.flatMap((task) => task.rejected)],
      notes: all.flatMap((task) => task.notes),
      rules: rulesText(rules),
      opinions: all.flatMap(({ taskId: task, opinions }) => opinions.map((opinion) => ({ task, ...opinion }))),
    },
  };
}

/**
 * The annotations that may count. In a dataset project those that nobody touched are left out: they are what we pushed, or predictions that were
 * made into annotations, by the thousand, and reading them would tell nothing else.
 */
export async function projectMarks(
  connection: Connection,
  { ls_id: id, kind }: Pick<Project, 'ls_id' | 'kind'>,
  signal: AbortSignal,
): Promise<AnnotationMark[]> {
  const marks = await Array.fromAsync(annotationMarks(connection, id, signal));
  return kind === 'dataset' ? marks.filter(({ untouched }) => !untouched) : marks;
}

/** Equal exactly when the rules are. */
export const rulesText = ({ unpainted, empty }: UnpaintedRules): string => `${unpainted} ${empty}`;

/** (annotation id, updated_at, was_cancelled), sorted by id: equal exactly when nothing was annotated, changed, skipped or deleted. */
export function markSet(marks: readonly AnnotationMark[]): AnnotationsRecord['set'] {
  return marks.map(({ id, updatedAt, wasCancelled }) => [id, updatedAt, wasCancelled] as const).sort((a, b) => a[0] - b[0]);
}

function signaturesByTask(marks: readonly AnnotationMark[], config: LabelConfig, rules: UnpaintedRules): Map<number, string> {
  const byTask = Map.groupBy(marks, ({ task }) => task);
  const labels = JSON.stringify([config.labelTexts, config.sparse, config.keypointTexts, config.boxControls, rules]);
  return new Map([...byTask].map(([task, own]) => [task, JSON.stringify([markSet(own), labels])]));
}

/** What the annotators began from: the stored prediction; where its row is gone, what that version says of the picture. */
async function originalPredictions(
  product: Inference,
  connection: Connection,
  source: PictureSource,
  origins: readonly AnnotationOrigins[],
  pictures: ReadonlyMap<number, Picture>,
  signal: AbortSignal,
): Promise<Map<number, KnownPrediction[]>> {
  const predictions = new Map<number, KnownPrediction[]>();
  for (const { task, rows, versions } of origins) {
    const known: KnownPrediction[] = [];
    for (const id of rows) {
      const stored = await getPrediction(connection, id, signal).catch(ignoreGone);
      if (stored !== undefined) known.push({ id, version: stored.model_version ?? null, shows: stored.result });
    }
    const picture = pictures.get(task);
    for (const version of versions) {
      if (picture === undefined || !source.isOwn(picture) || known.some((prediction) => prediction.version === version)) continue;
      if ((await getVersion(product.store.db, version)) === undefined) continue;
      const { labelMap, keypoints } = await source.predict(version, picture, { lane: 'batch', priority: 'train', signal });
      known.push({ id: null, version, shows: labelMap, keypoints });
    }
    predictions.set(task, known);
  }
  return predictions;
}

function ignoreGone(error: unknown): undefined {
  if (isError(error, 'label-studio-gone')) return undefined;
  throw error;
}
