import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetGanError, isError, toError } from '../errors.ts';
import { ANNOTATED_TASK, ANNOTATED_TASKS, annotationMarks, readAnnotations } from '../label-studio/client/annotations.ts';
import { getPrediction } from '../label-studio/client/predictions.ts';
import type { Project } from '../label-studio/client/projects.ts';
import { taskImage } from '../label-studio/client/task-image.ts';
import type { Connection } from '../label-studio/connection/connection.ts';
import { allMaskLabels } from '../label-studio/label-config/all-mask-labels.ts';
import { configForControl } from '../label-studio/label-config/config-for-control.ts';
import { labelBackgrounds } from '../label-studio/label-config/label-backgrounds.ts';
import type { LabelConfig } from '../label-studio/label-config/label-config.ts';
import { type DecodedRegions, labelMapOfRegions } from '../label-studio/regions/label-map-of-regions.ts';
import { unpaintedAsBackground } from '../label-studio/regions/unpainted-as-background.ts';
import { UNKNOWN } from '../masks/label-map.ts';
import { encodeObjectMap } from '../masks/object-map.ts';
import { encodeIndexPng } from '../masks/png/png.ts';
import type { ExportDataset, ExportPair } from './export-dataset.ts';
import type { ObjectRule } from './object-rule.ts';
import { labelColours } from './palette.ts';
import { uprightPicture } from './upright-picture.ts';

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
 * A Label Studio project's own annotations (brushes, polygons, bitmasks) as a dataset, whoever made its pictures. Of each task the annotation counts that was
 * updated last and is not skipped; where regions overlap, the same rule as in training says which label a pixel has (labelMapOfRegions). Pictures are loaded
 * once and kept in a temporary folder.
 * @throws DatasetGanError `bad-label-config` when the project draws no masks; the client's errors
 */
export async function annotatedProject(
  connection: Connection,
  project: Project,
  { validation, licence, objects = 'regions', signal }: AnnotatedProjectOptions,
): Promise<AnnotatedProject> {
  const config = allMaskLabels(project.label_config);
  const own = labelBackgrounds(project.label_config);
  const folder = await mkdtemp(join(tmpdir(), 'datasetgan-'));
  const notes: string[] = [];
  let loaded: Stored[] | undefined;
  const dataset: ExportDataset = {
    id: `label-studio-project-${project.id}`,
    title: project.title,
    labels: config.labels,
    colours: labelColours(config.labels.map((label) => own.get(label))),
    origin: {
      summary: `Pictures that people annotated in Label Studio, in the project ${project.title}.`,
      licence: licence ?? 'not stated',
      commercialUse: null,
      note: config.sparse ? 'Pixels that nobody labelled are marked to be ignored.' : '',
      facts: [
        ['Label Studio project', `${connection.base}/projects/${project.id}`],
        ['Objects', objects === 'regions' ? 'Each drawn region' : 'Each connected piece of a label'],
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
      yield `${JSON.stringify({ project: { id: project.id, title: project.title, host: connection.base }, labels: config.labels, notes }, null, 1)}\n`;
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

type ReadPair = ExportPair & { readonly objects: Uint8Array };

async function* readTasks(
  connection: Connection,
  project: Project,
  config: LabelConfig,
  notes: string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadPair> {
  const marks = await Array.fromAsync(annotationMarks(connection, project.id, signal));
  const tasks = [...new Set(marks.map(({ task }) => task))];
  for await (const body of readAnnotations(connection, project.id, tasks, signal)) {
    for (const row of ANNOTATED_TASKS.parse(JSON.parse(new TextDecoder().decode(body))).tasks) {
      try {
        const pair = await readTask(connection, row, config, (note) => notes.push(`task ${row.id}: ${note}`), signal);
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

/** @returns undefined where there is nothing but skips */
async function readTask(
  connection: Connection,
  row: { readonly id: number },
  config: LabelConfig,
  note: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<ReadPair | undefined> {
  const { data: found, error } = ANNOTATED_TASK.safeParse(row);
  if (found === undefined)
    throw new DatasetGanError('bad-annotation', `its form is not supported (${error.issues[0]?.path.join('.')})`);
  const { id: task, data, annotations } = found;
  const annotation = annotations
    .filter((one) => !one.was_cancelled)
    .toSorted((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at) || b.id - a.id)[0];
  if (annotation === undefined) return undefined;
  const address = data[config.imageKey];
  if (typeof address !== 'string') throw new DatasetGanError('bad-annotation', `it has no picture under '${config.imageKey}'`);
  const picture = await uprightPicture(await taskImage(connection, task, address, signal));
  const { width, height } = picture;
  const began = annotation.parent_prediction;
  const reference = typeof began === 'number' ? await predictionOrGone(connection, began, signal) : undefined;
  const decoded = await labelMapOfRegions(annotation.result, config, width, height, reference);
  const map = unpaintedAsBackground(decoded, config);
  if (decoded.lost && map.data.every((label) => label === UNKNOWN))
    throw new DatasetGanError('bad-annotation', decoded.notes.join('; '));
  for (const text of [...decoded.notes, ...hiddenRegions(decoded)]) note(text);
  return {
    ...picture,
    name: `${stemOf(address)}-${task}`,
    mask: await encodeIndexPng(map),
    objects: encodeObjectMap(decoded.regions),
    key: String(task),
    facts: {
      task,
      annotation: annotation.id,
      annotator: annotation.completed_by ?? null,
      source: address.startsWith('data:') ? null : address,
    },
  };
}

/** One line for each region that is not an object, because others have all of its pixels. */
function hiddenRegions({ regions, names }: DecodedRegions): string[] {
  const seen = new Set(regions);
  return names.filter((_, region) => region > 0 && !seen.has(region)).map((name) => `${name} has no pixel of its own`);
}

/** As it was before the annotator changed it; undefined where its row is gone. */
async function predictionOrGone(
  connection: Connection,
  id: number,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[] | undefined> {
  try {
    return (await getPrediction(connection, id, signal)).result;
  } catch (thrown) {
    if (isError(thrown, 'label-studio-gone')) return undefined;
    throw thrown;
  }
}

/** The file's name of an address, in letters, digits, `-` and `_`; at most 60 of them. */
function stemOf(address: string): string {
  if (address.startsWith('data:')) return 'task';
  const path = address.replace(/^.*[?&]d=/, '').replace(/[?#].*$/, '');
  const stem = path
    .split('/')
    .at(-1)!
    .replace(/\.\w{1,5}$/, '');
  const plain = stem
    .replace(/%[0-9a-f]{2}/gi, '_')
    .replace(/[^\w-]+/g, '_')
    .slice(-60)
    .replace(/^[_-]+/, '');
  return plain === '' ? 'task' : plain;
}

function nothingToExport({ title }: Project, notes: readonly string[]): DatasetGanError {
  const [first] = notes;
  const why = first === undefined ? 'none of its tasks is annotated' : first;
  return new DatasetGanError('bad-annotation', `There is nothing to export in the project '${title}': ${why}`, {
    fix: 'Annotate some tasks with brushes, polygons or bitmasks, and submit them.',
  });
}
