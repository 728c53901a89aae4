import { DatasetGanError, isError } from '../../errors.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { boxOfValue } from './box-of-value.ts';
import { labelTextsOf } from './label-texts.ts';
import { checkPictureSize, isOnPicture } from './on-picture.ts';
import { collectReport } from './region-report.ts';
import { type ResultEntry, readResultEntry } from './result-entry.ts';

/** A box around a part. Pixels left … right - 1 of rows top … bottom - 1 of the picture. */
export interface LabelBox {
  /** Index of the label in the config; not the background. */
  readonly label: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface DecodedBoxes {
  /** Sorted, none twice: the order of drawing says nothing. */
  readonly boxes: readonly LabelBox[];
  /** Whether a box was ignored that may have been anywhere: then the outside of the others need not be background. */
  readonly lost: boolean;
  /** What was ignored or read leniently, one line each, no line twice. */
  readonly notes: readonly string[];
}

/** Whether a region was drawn with a control whose boxes are weak masks (findBoxControls). */
export const isLabelBox = ({ type, fromName }: ResultEntry, { boxControls }: Pick<LabelConfig, 'boxControls'>): boolean =>
  type === 'rectanglelabels' && fromName !== null && boxControls.includes(fromName);

/**
 * The boxes of an annotation's `result` on the config's Image that stand for masks. Each has all pixels that the rectangle touches.
 * @param width, height size of the picture in pixels
 * @throws DatasetGanError `bad-annotation` when `result` is not a list
 */
export function boxesOfRegions(result: unknown, config: LabelConfig, width: number, height: number): DecodedBoxes {
  if (config.boxControls.length === 0 || result === null || result === undefined) return { boxes: [], lost: false, notes: [] };
  if (!Array.isArray(result))
    throw new DatasetGanError('bad-annotation', 'The result of the annotation is not a list of regions.');
  const report = collectReport();
  const indexOf = new Map(config.labelTexts);
  const boxes: LabelBox[] = [];
  for (const entry of (result as unknown[]).map(readResultEntry)) {
    if (entry === undefined || !isLabelBox(entry, config) || !isOnPicture(entry, config, report)) continue;
    const [text] = labelTextsOf(entry, new Map());
    const label = text === undefined ? undefined : indexOf.get(text);
    if (label === undefined || label === 0) {
      report.lose(
        `${entry.name} is ignored: ${text === undefined ? 'it has no label' : `the label '${text}' does not name a part`}`,
      );
      continue;
    }
    try {
      checkPictureSize(entry, width, height);
      const { left, top, right, bottom } = boxOfValue(entry, width, height);
      const box = {
        label,
        left: Math.max(0, Math.floor(left)),
        top: Math.max(0, Math.floor(top)),
        right: Math.min(width, Math.ceil(right)),
        bottom: Math.min(height, Math.ceil(bottom)),
      };
      if (box.left < box.right && box.top < box.bottom) boxes.push(box);
      else report.note(`${entry.name} is ignored: a box without any pixel`);
    } catch (thrown) {
      if (!isError(thrown, 'bad-annotation')) throw thrown;
      report.lose(`${entry.name} is ignored: ${thrown.message}`);
    }
  }
  const byText = new Map(boxes.map((box) => [JSON.stringify(Object.values(box)), box]));
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, box]) => box);
  const { lost, notes } = report;
  return { boxes: sorted, lost, notes };
}

/** Whether a pixel is in one of the boxes, one entry a pixel of the picture. */
export function insideBoxes(boxes: readonly LabelBox[], width: number, height: number): Uint8Array {
  const inside = new Uint8Array(width * height);
  for (const { left, top, right, bottom } of boxes)
    for (let y = top; y < bottom; y++) inside.fill(1, y * width + left, y * width + right);
  return inside;
}
