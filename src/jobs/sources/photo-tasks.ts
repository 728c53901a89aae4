import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inOneLine, toError } from '../../errors.ts';
import { inOrder } from '../../in-order.ts';
import { taskImage } from '../../label-studio/client/task-image.ts';
import { AnswerError } from '../../label-studio/connection/failure.ts';
import { fitPhotoTask, fittedName } from '../../photos/fit-photo.ts';
import { photographsOfTasks, recordPhotographs } from '../../store/photographs.ts';
import { json } from '../../store/rows.ts';
import type { NewPhotograph, PhotographRow, Project } from '../../store/schema.ts';
import type { SourcesContext } from '../product/contexts.ts';
import type { DataFolder } from '../product/data-folder.ts';
import type { Photograph } from '../product/picture.ts';
import { configOf, connectionOf } from '../projects/linked-project.ts';
import { projectProblem } from '../projects/project-problem.ts';
import type { SeenPictures, SeenTask } from './picture-source.ts';

/** A photograph of 50 megapixels as PNG has so many, at the most. */
const MOST_BYTES = 300e6;
/** Photographs on their way at a time. */
const READING = 3;
/** A picture that could not be loaded may be there later. */
const RETRY_MS = 600_000;

/** Faults of one picture. */
const OF_THE_PICTURE = new Set(['bad-photo', 'body-too-large', 'not-found']);

/**
 * The photographs that tasks show, by what Label Studio says of the tasks. Those that are not known yet are fetched, and kept at the working size. One that
 * cannot be read is told, and the others go on.
 * @param side pixels on a side of the square that they are fitted into
 * @throws DatasetGanError the client's errors, `cancelled`, `disk-full`
 */
export async function readPhotographs(
  product: SourcesContext,
  project: Project,
  side: number,
  tasks: readonly SeenTask[],
  signal: AbortSignal,
): Promise<SeenPictures<Photograph>> {
  const { db } = product.store;
  const { imageKey } = configOf(project);
  const ids = tasks.map(({ id }) => id);
  const known = new Map((await photographsOfTasks(db, project.key, ids)).map((row) => [row.task_id, row]));
  const pictures = new Map<number, Photograph>();
  const problems = new Map<number, string>();
  const say = (task: number, problem: string) => problems.set(task, `task ${task}: ${problem}`);
  const missing: { id: number; address: string }[] = [];
  for (const { id, data = {} } of tasks) {
    const address = data[imageKey];
    const row = known.get(id);
    if (typeof address !== 'string') say(id, `It has no picture under '${imageKey}'.`);
    else if (row === undefined || row.address !== address || isToBeRead(product, row, side)) missing.push({ id, address });
    else if (row.problem !== null) say(id, inOneLine(row.problem));
    else pictures.set(id, photographOf(product.folder, row, side)!);
  }
  const read = inOrder(missing, READING, signal, ({ id, address }, stop) => readOne(product, project, side, id, address, stop));
  let index = 0;
  for await (const row of read) {
    await recordPhotographs(db, [{ ...row, problem: row.problem === null ? null : json(row.problem) }]);
    const { id } = missing[index++]!;
    if (row.problem !== null) say(id, inOneLine(row.problem));
    else pictures.set(id, photographOf(product.folder, row, side)!);
  }
  return { pictures, problems };
}

/** The photograph of a row; undefined where it cannot be read. Its file need not be there. */
export function photographOf(
  { photos }: Pick<DataFolder, 'photos'>,
  { sha256, width, height, task_id: task }: Pick<PhotographRow, 'task_id' | 'sha256' | 'width' | 'height'>,
  side: number,
): Photograph | undefined {
  if (sha256 === null || width === null || height === null) return undefined;
  return { photo: sha256, file: join(photos, fittedName(sha256, side)), name: `of task ${task}`, size: { width, height } };
}

function isToBeRead({ folder, now }: Pick<SourcesContext, 'folder' | 'now'>, row: PhotographRow, side: number): boolean {
  if (row.problem !== null) return row.problem.code !== 'bad-photo' && row.seen_at.getTime() < now() - RETRY_MS;
  return !existsSync(photographOf(folder, row, side)!.file);
}

/** Whether Label Studio answered, and this picture alone is the reason. Without its key, no picture can be read. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AnswerError && error.answered !== 401 && error.code !== 'label-studio-down';

type ReadRow = Omit<PhotographRow, 'seen_at'> & Pick<NewPhotograph, 'seen_at'>;

async function readOne(
  product: SourcesContext,
  { key, host }: Project,
  side: number,
  task: number,
  address: string,
  signal: AbortSignal,
): Promise<ReadRow> {
  const row = { project_key: key, task_id: task, address, seen_at: new Date(product.now()) };
  try {
    const bytes = await taskImage(connectionOf(product, host), task, address, { mostBytes: MOST_BYTES, signal });
    const input = { bytes, side, folder: product.folder.photos };
    const { sha256, width, height } = await product.engine.run(fitPhotoTask, input, { lane: 'codec', signal });
    return { ...row, sha256, width, height, problem: null };
  } catch (thrown) {
    const error = toError(thrown);
    if (signal.aborted || !(OF_THE_PICTURE.has(error.code) || isRefusal(error))) throw thrown;
    return { ...row, sha256: null, width: null, height: null, problem: projectProblem(error) };
  }
}
