import { DatasetGanError, isError } from '../../errors.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { isLabelBox } from './boxes-of-regions.ts';
import { isKeypoint } from './keypoints-of-regions.ts';
import { labelsById, labelTextsOf } from './label-texts.ts';
import { type DecodedMask, maskKind, maskOfValue } from './mask-of-value.ts';
import { checkPictureSize, isOnPicture } from './on-picture.ts';
import { type RegionReport, SILENT } from './region-report.ts';
import { type ResultEntry, readResultEntry } from './result-entry.ts';
import { unacceptedClick } from './unaccepted-click.ts';

export interface RegionMask extends Omit<DecodedMask, 'note'> {
  /** Index of the region's label; UNKNOWN when the label config does not have it (any more). */
  readonly label: number;
  /** For messages: `region ID`, or its place in the list. */
  readonly name: string;
}

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
  // Keypoints of a config without any are points that nobody asked for.
  const hasKeypoints = config.keypoints.length > 0;
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) {
      report.lose(`region number ${index + 1} cannot be read: it is not a region`);
      continue;
    }
    if (PASSED_OVER.has(entry.type) || isLabelBox(entry, config)) continue;
    const texts = labelTextsOf(entry, given);
    const click = isKeypoint(entry) ? unacceptedClick(texts, config) : undefined;
    if (click !== undefined) report.note(click);
    if (click !== undefined || (hasKeypoints && isKeypoint(entry))) continue;
    const mask = await readMask(entry, config, width, height, report);
    if (mask === undefined) continue;
    const known = texts.find((text) => indexOf.has(text));
    if (texts.length === 0) report.note(`${entry.name} has no label; its pixels count as unknown`);
    else if (known === undefined) report.note(`the label '${texts[0]}' is not in the label config; its pixels count as unknown`);
    yield { label: known === undefined ? UNKNOWN : indexOf.get(known)!, name: entry.name, ...mask };
  }
}

/** @returns undefined when it has none on the config's Image, or none that can be read */
async function readMask(
  entry: ResultEntry,
  config: LabelConfig,
  width: number,
  height: number,
  report: RegionReport,
): Promise<DecodedMask | undefined> {
  if (!isOnPicture(entry, config, report)) return undefined;
  const kind = maskKind(entry);
  if (kind === undefined) {
    report.note(`a region ${entry.type === '' ? 'without type' : `of type '${entry.type}'`} is not a mask`);
    return undefined;
  }
  try {
    checkPictureSize(entry, width, height);
    const mask = await maskOfValue(kind, entry.value, width, height);
    if (mask.note !== undefined) report.note(`${entry.name} ${mask.note}`);
    return mask;
  } catch (thrown) {
    if (!isError(thrown, 'bad-annotation')) throw thrown;
    report.lose(`${entry.name} is ignored: ${thrown.message}`);
    return undefined;
  }
}
