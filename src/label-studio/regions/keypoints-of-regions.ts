import { DatasetGanError, isError } from '../../errors.ts';
import type { MarkedKeypoints, MarkedPoint } from '../../keypoints/keypoint.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { OCCLUDED, VISIBILITY } from '../label-config/visibility-choices.ts';
import { labelsById, labelTextsOf } from './label-texts.ts';
import { checkPictureSize, isOnPicture } from './on-picture.ts';
import { collectReport } from './region-report.ts';
import { numberOf, type ResultEntry, readResultEntry, textsOf } from './result-entry.ts';
import { unacceptedClick } from './unaccepted-click.ts';

export interface DecodedKeypoints {
  /** By keypoint of the config. Null: there is no point that counts, or one of those that are there was lost. */
  readonly marked: MarkedKeypoints | null;
  /** Whether a region was ignored of which nobody can tell where its point is: then no keypoint is known to be absent. */
  readonly lost: boolean;
  /** What was ignored or read leniently, one line each, no line twice. */
  readonly notes: readonly string[];
}

/** Per cent of the picture's side: a point may be that far outside, where a hand slipped over the edge, and counts as on the edge. */
const NEAR_PERCENT = 1;

export const isKeypoint = ({ type }: Pick<ResultEntry, 'type'>): boolean => type === 'keypointlabels' || type === 'keypoint';

/**
 * The keypoints of an annotation's `result` on the config's Image. With some points but not a certain one, that one is absent. Of several regions with one
 * label the last one counts. A per-region Choices named `visibility` says which are occluded.
 * @param width, height size of the picture in pixels, in which the points are
 * @throws DatasetGanError `bad-annotation` when `result` is not a list
 */
export function keypointsOfRegions(result: unknown, config: LabelConfig, width: number, height: number): DecodedKeypoints {
  const nothing = { marked: null, lost: false, notes: [] };
  if (config.keypoints.length === 0 || result === null || result === undefined) return nothing;
  if (!Array.isArray(result))
    throw new DatasetGanError('bad-annotation', 'The result of the annotation is not a list of regions.');
  const report = collectReport();
  const all = (result as unknown[]).map(readResultEntry);
  const entries = all.filter((entry) => entry !== undefined);
  if (entries.length < all.length) report.lose('an entry that is not a region may have been a point');
  const indexOf = new Map(config.keypointTexts);
  const given = labelsById(entries);
  const occluded = occludedIds(entries);
  const points = new Map<number, MarkedPoint[]>();
  for (const entry of entries) {
    if (!isKeypoint(entry) || !isOnPicture(entry, config, report)) continue;
    const texts = labelTextsOf(entry, given);
    const known = texts.find((text) => indexOf.has(text));
    if (known === undefined) {
      // Reading the masks tells of it.
      if (unacceptedClick(texts, config) !== undefined) continue;
      report.note(
        texts.length === 0
          ? `${entry.name} has no label and is ignored`
          : `the keypoint '${texts[0]}' is not in the label config`,
      );
      continue;
    }
    try {
      const point = pointOf(entry, width, height);
      const keypoint = indexOf.get(known)!;
      points.set(keypoint, [
        ...(points.get(keypoint) ?? []),
        occluded.has(entry.id) ? { ...point, occluded: true as const } : point,
      ]);
    } catch (thrown) {
      if (!isError(thrown, 'bad-annotation')) throw thrown;
      report.lose(`${entry.name} is ignored: ${thrown.message}`);
    }
  }
  for (const [keypoint, own] of points)
    if (own.length > 1) report.note(`'${config.keypoints[keypoint]}' has ${own.length} points; the last one counts`);
  const { lost, notes } = report;
  const marked = points.size === 0 || lost ? null : config.keypoints.map((_, keypoint) => points.get(keypoint)?.at(-1) ?? null);
  return { marked, lost, notes };
}

/** @throws DatasetGanError `bad-annotation` */
function pointOf(entry: ResultEntry, width: number, height: number): MarkedPoint {
  checkPictureSize(entry, width, height);
  const [x, y] = [numberOf(entry.value.x), numberOf(entry.value.y)];
  if (x === null || y === null) throw new DatasetGanError('bad-annotation', 'Its place is not a pair of numbers.');
  if (Math.max(-x, x - 100, -y, y - 100) > NEAR_PERCENT)
    throw new DatasetGanError('bad-annotation', 'It is outside the picture.');
  const within = (percent: number, size: number) => (Math.min(100, Math.max(0, percent)) / 100) * size;
  return { x: within(x, width), y: within(y, height) };
}

/** Of the regions that somebody says are hidden. */
function occludedIds(entries: readonly ResultEntry[]): Set<string | null> {
  const says = ({ type, fromName, value }: ResultEntry) =>
    type === 'choices' && fromName === VISIBILITY && textsOf(value.choices).some((choice) => choice.toLowerCase() === OCCLUDED);
  return new Set(entries.filter((entry) => entry.id !== null && says(entry)).map(({ id }) => id));
}
