import { DatasetGanError, isError } from '../../errors.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { type DecodedMask, maskKind, maskOfValue } from './mask-of-value.ts';
import { type ResultEntry, readResultEntry, textsOf } from './result-entry.ts';

export interface RegionMask extends Omit<DecodedMask, 'note'> {
  /** Index of the region's label; UNKNOWN when the label config does not have it (any more). */
  readonly label: number;
  /** For messages: `region ID`, or its place in the list. */
  readonly name: string;
}

/** Hears of what is not as it should be. */
export interface RegionReport {
  /** Something that paints no pixel of the picture, or was read leniently. */
  note(text: string): void;
  /** A region of which nobody can tell which pixels it paints. */
  lose(text: string): void;
}

const SILENT: RegionReport = { note: () => {}, lose: () => {} };

/** Results without a shape of their own that go with many masks; not worth a note. Those of one region repeat its shape. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'relation',
  'choices',
  'textarea',
  'rating',
  'number',
  'datetime',
  'taxonomy',
  'labels',
]);

/**
 * The masks of an annotation's `result` on the config's Image, in order: brushes, polygons and bitmasks of any control. Anything else in it (relations,
 * choices, boxes, regions of another image) is ignored; `report` receives those that look like a shape, and of what cannot be read.
 *
 * @throws DatasetGanError `bad-annotation` when `result` is not a list
 */
export async function* regionMasks(
  result: unknown,
  config: LabelConfig,
  width: number,
  height: number,
  report: RegionReport = SILENT,
): AsyncGenerator<RegionMask> {
  if (result === null || result === undefined) return;
  if (!Array.isArray(result))
    throw new DatasetGanError('bad-annotation', 'The result of the annotation is not a list of regions.');
  const entries = (result as unknown[]).map(readResultEntry);
  const indexOf = new Map(config.labelTexts);
  const given = labelsById(entries);
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) {
      report.lose(`region number ${index + 1} cannot be read: it is not a region`);
      continue;
    }
    if (PASSED_OVER.has(entry.type)) continue;
    const mask = await readMask(entry, config, width, height, report);
    if (mask === undefined) continue;
    const texts = [...labelTextsOf(entry), ...(given.get(entry.id) ?? [])];
    const known = texts.find((text) => indexOf.has(text));
    if (texts.length === 0) report.note(`${entry.name} has no label; its pixels count as unknown`);
    else if (known === undefined) report.note(`the label '${texts[0]}' is not in the label config; its pixels count as unknown`);
    yield { label: known === undefined ? UNKNOWN : indexOf.get(known)!, name: entry.name, ...mask };
  }
}

/** @returns undefined when it has none on the config's Image, or none that can be read */
async function readMask(
  entry: ResultEntry,
  { imageName, otherObjects }: LabelConfig,
  width: number,
  height: number,
  report: RegionReport,
): Promise<DecodedMask | undefined> {
  if (entry.toName !== null && otherObjects.includes(entry.toName)) {
    report.note(`a region on '${entry.toName}' is not on '${imageName}'`);
    return undefined;
  }
  if (entry.toName !== null && entry.toName !== imageName)
    report.note(`${entry.name} is on '${entry.toName}', which is not in the label config; it counts as one on '${imageName}'`);
  const kind = maskKind(entry);
  if (kind === undefined) {
    report.note(`a region ${entry.type === '' ? 'without type' : `of type '${entry.type}'`} is not a mask`);
    return undefined;
  }
  try {
    checkSize(entry, width, height);
    const mask = await maskOfValue(kind, entry.value, width, height);
    if (mask.note !== undefined) report.note(`${entry.name} ${mask.note}`);
    return mask;
  } catch (thrown) {
    if (!isError(thrown, 'bad-annotation')) throw thrown;
    report.lose(`${entry.name} is ignored: ${thrown.message}`);
    return undefined;
  }
}

function checkSize({ originalWidth, originalHeight }: ResultEntry, width: number, height: number): void {
  if ((originalWidth ?? width) === width && (originalHeight ?? height) === height) return;
  throw new DatasetGanError(
    'bad-annotation',
    `It was drawn on a picture of ${originalWidth}x${originalHeight} pixels, but this one has ${width}x${height}.`,
  );
}

/** A region's label texts are under the name of its type. */
function labelTextsOf({ type, value }: ResultEntry): string[] {
  for (const key of [type, 'labels', 'brushlabels', 'polygonlabels', 'bitmasklabels']) {
    const texts = textsOf(value[key]);
    if (texts.length > 0) return texts;
  }
  return [];
}

/** Where shapes and labels are controls apart (Brush and Labels), the label of a shape is in another entry of the same id. */
function labelsById(entries: readonly (ResultEntry | undefined)[]): Map<string | null, string[]> {
  return new Map(
    entries.flatMap((entry) => (entry?.type === 'labels' && entry.id !== null ? [[entry.id, textsOf(entry.value.labels)]] : [])),
  );
}
