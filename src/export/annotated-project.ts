import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetGanError, toError } from '../errors.ts';
import { ANNOTATED_TASKS, annotationMarks, readAnnotations } from '../label-studio/client/annotations.ts';
import type { Project } from '../label-studio/client/projects.ts';
import type { Connection } from '../label-studio/connection/connection.ts';
import { allMaskLabels } from '../label-studio/label-config/all-mask-labels.ts';
import { configForControl } from '../label-studio/label-config/config-for-control.ts';
import { keypointSkeleton } from '../label-studio/label-config/keypoint-skeleton.ts';
import { labelBackgrounds } from '../label-studio/label-config/label-backgrounds.ts';
import type { LabelConfig } from '../label-studio/label-config/label-config.ts';
import type { ExportDataset, ExportPair } from './export-dataset.ts';
import { hasMasks } from './has-masks.ts';
import type { ObjectRule } from './object-rule.ts';
import { labelColours } from './palette.ts';
import { type AnnotatedPair, readAnnotatedTask } from './read-annotated-task.ts';

export interface AnnotatedProject {
  readonly dataset: ExportDataset;
  /** One line for each task that is left out, and for each region that was read leniently. Complete once `pairs` was gone through. */
  readonly notes: readonly string[];
  /** Removes the temporary files. */
  close(): Promise<void>;
}

export interface AnnotatedProjectOptions {
  readonly validation: number;
  /** Of the pictures, as their owner states it. */
  readonly licence: string | undefined;
  /** What one object is. Left out: each region that was drawn. */
  readonly objects?: ObjectRule | undefined;
  readonly signal?: AbortSignal;
}

/**
 * A Label Studio project's own annotations (brushes, polygons, bitmasks, keypoints) as a dataset, whoever made its pictures. Of each task the annotation
 * counts that was updated last and is not skipped; where regions overlap, the same rule as in training says which label a pixel has (labelMapOfRegions).
 * Pictures are loaded once and kept in a temporary folder.
 * @throws DatasetGanError `bad-label-config` when the project draws neither masks nor keypoints; the client's errors
 */
export async function annotatedProject(
  connection: Connection,
  project: Project,
  { validation, licence, objects = 'regions', signal }: AnnotatedProjectOptions,
): Promise<AnnotatedProject> {
  const config = allMaskLabels(project.label_config);
  const own = labelBackgrounds(project.label_config);
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-'));
  const { joined, unknown } = keypointSkeleton(project.label_config, config);
  const notes = unknown.map((name) => `the skeleton names '${name}', which is not a keypoint`);
  let loaded: Stored[] | undefined;
  const points = config.keypoints.length === 0 ? {} : { keypoints: config.keypoints };
  const dataset: ExportDataset = {
    id: `label-studio-project-${project.id}`,
    title: project.title,
    labels: config.labels,
    keypoints: config.keypoints.length === 0 ? undefined : { names: config.keypoints, skeleton: joined },
    colours: labelColours(config.labels.map((label) => own.get(label))),
    origin: {
      summary: `Pictures that people annotated in Label Studio, in the project ${project.title}.`,
      licence: licence ?? 'not stated',
      commercialUse: null,
      note: config.sparse ? 'Pixels that nobody labelled are marked to be ignored.' : '',
      facts: [
        ['Label Studio project', `${connection.base}/projects/${project.id}`],
        ...(hasMasks(config)
          ? [['Objects', objects === 'regions' ? 'Each drawn region' : 'Each connected piece of a label'] as const]
          : []),
      ],
      quality: () => [['Annotated pictures', String(loaded?.length ?? 0)]],
      synthetic: false,
    },
    factKinds: { task: 'integer', annotation: 'integer', annotator: 'integer', source: 'text' },
    count: null,
    validation,
    // Where shapes and labels are controls apart, it has one that draws both.
    labelling: { config: configForControl(project.label_config), version: null },
    async *provenance() {
      yield `${JSON.stringify({ project: { id: project.id, title: project.title, host: connection.base }, labels: config.labels, ...points, notes }, null, 1)}\n`;
    },
    async *pairs() {
      if (loaded !== undefined) {
        for (const stored of loaded) yield { ...stored.pair, ...(await readBack(stored)) };
        return;
      }
      const kept: Stored[] = [];
      for await (const { objects: drawn, ...read } of readTasks(connection, project, config, notes, signal)) {
        const { image, mask, ...pair } = read;
        const stored = {
          pair,
          image: join(folder, `${pair.name}.${pair.extension}`),
          mask: join(folder, `${pair.name}.mask.png`),
          objects: objects === 'regions' ? join(folder, `${pair.name}.objects`) : undefined,
        };
        await writeFile(stored.image, image);
        await writeFile(stored.mask, mask);
        if (stored.objects !== undefined) await writeFile(stored.objects, drawn);
        kept.push(stored);
        yield { ...read, ...(objects === 'regions' ? { objects: drawn } : {}) };
      }
      if (kept.length === 0) throw nothingToExport(project, notes);
      loaded = kept;
    },
  };
  return { dataset, notes, close: () => rm(folder, { recursive: true, force: true }) };
}

interface Stored {
  readonly pair: Omit<ExportPair, 'image' | 'mask' | 'objects'>;
  /** Paths. */
  readonly image: string;
  readonly mask: string;
  readonly objects: string | undefined;
}

async function readBack({ image, mask, objects }: Stored): Promise<Pick<ExportPair, 'image' | 'mask' | 'objects'>> {
  const files = { image: await readFile(image), mask: await readFile(mask) };
  return objects === undefined ? files : { ...files, objects: await readFile(objects) };
}

async function* readTasks(
  connection: Connection,
  project: Project,
  config: LabelConfig,
  notes: string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<AnnotatedPair> {
  const marks = await Array.fromAsync(annotationMarks(connection, project.id, signal));
  const tasks = [...new Set(marks.map(({ task }) => task))];
  for await (const body of readAnnotations(connection, project.id, tasks, signal)) {
    for (const row of ANNOTATED_TASKS.parse(JSON.parse(new TextDecoder().decode(body))).tasks) {
      try {
        const pair = await readAnnotatedTask(connection, row, config, (note) => notes.push(`task ${row.id}: ${note}`), signal);
        if (pair !== undefined) yield pair;
      } catch (thrown) {
        signal?.throwIfAborted();
        const error = toError(thrown);
        if (error.code === 'label-studio-down' || error.code === 'label-studio-unauthorized') throw error;
        notes.push(`task ${row.id} is skipped: ${error.message}`);
      }
    }
  }
}

function nothingToExport({ title }: Project, notes: readonly string[]): DatasetGanError {
  const [first] = notes;
  const why = first === undefined ? 'none of its tasks is annotated' : first;
  return new DatasetGanError('bad-annotation', `There is nothing to export in the project '${title}': ${why}`, {
    fix: 'Annotate some tasks with brushes, polygons, bitmasks or keypoints, and submit them.',
  });
}
