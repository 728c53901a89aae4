import { DatasetGanError, isError } from '../errors.ts';
import { ANNOTATED_TASK } from '../label-studio/client/annotations.ts';
import { getPrediction } from '../label-studio/client/predictions.ts';
import { taskImage } from '../label-studio/client/task-image.ts';
import type { Connection } from '../label-studio/connection/connection.ts';
import type { LabelConfig } from '../label-studio/label-config/label-config.ts';
import { type DecodedKeypoints, keypointsOfRegions } from '../label-studio/regions/keypoints-of-regions.ts';
import { type DecodedRegions, labelMapOfRegions } from '../label-studio/regions/label-map-of-regions.ts';
import { unpaintedAsBackground } from '../label-studio/regions/unpainted-as-background.ts';
import { type LabelMap, UNKNOWN } from '../masks/label-map.ts';
import { encodeObjectMap } from '../masks/object-map.ts';
import { encodeIndexPng } from '../masks/png/png.ts';
import type { ExportPair } from './export-dataset.ts';
import { uprightPicture } from './upright-picture.ts';

/** A pair with the regions that were drawn as its objects. */
export type AnnotatedPair = ExportPair & { readonly objects: Uint8Array };

/**
 * Of an annotated task its picture, mask and keypoints, by the annotation that counts.
 * @param note hears of what was read leniently
 * @returns undefined where there is nothing but skips
 * @throws DatasetGanError `bad-annotation` when it cannot be read, or says nothing; the client's errors
 */
export async function readAnnotatedTask(
  connection: Connection,
  row: { readonly id: number },
  config: LabelConfig,
  note: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<AnnotatedPair | undefined> {
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
  const picture = await uprightPicture(await taskImage(connection, task, address, { signal }));
  const { width, height } = picture;
  const began = annotation.parent_prediction;
  const reference = typeof began === 'number' ? await predictionOrGone(connection, began, signal) : undefined;
  const decoded = await labelMapOfRegions(annotation.result, config, width, height, reference);
  const points = keypointsOfRegions(annotation.result, config, width, height);
  const masks = masksOf(decoded, config, points);
  const notes = [...new Set([...decoded.notes, ...points.notes])];
  if (masks === undefined && points.marked === null)
    throw new DatasetGanError('bad-annotation', notes.length === 0 ? 'its annotation has no keypoint' : notes.join('; '));
  for (const text of [...notes, ...hiddenRegions(decoded)]) note(text);
  return {
    ...picture,
    name: `${stemOf(address)}-${task}`,
    mask: await encodeIndexPng(masks ?? decoded.map),
    keypoints: points.marked ?? undefined,
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

/**
 * What the annotation says of the mask. undefined: nothing, as where no control draws one, or where there are points and nothing is painted.
 */
function masksOf(decoded: DecodedRegions, config: LabelConfig, { marked }: DecodedKeypoints): LabelMap | undefined {
  const isPainted = decoded.regions.some((region) => region > 0);
  if (config.controls.length === 0 || (marked !== null && !isPainted)) return undefined;
  const map = unpaintedAsBackground(decoded, config);
  return decoded.lost && map.data.every((label) => label === UNKNOWN) ? undefined : map;
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
