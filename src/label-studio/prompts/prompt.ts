import { DatasetGanError } from '../../errors.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { boxOfValue, type PictureBox } from '../regions/box-of-value.ts';
import { labelsById, labelTextsOf } from '../regions/label-texts.ts';
import { maskKind, maskOfValue } from '../regions/mask-of-value.ts';
import { checkPictureSize } from '../regions/on-picture.ts';
import { numberOf, type ResultEntry, readResultEntry } from '../regions/result-entry.ts';

/** What an annotator pointed at in a picture with Label Studio's smart tools: all prompts of one label so far. */
export interface Prompt {
  /** Index of the label in the config. */
  readonly label: number;
  /** Of the first prompt; null where it has none. The same for all answers to one group of prompts. */
  readonly id: string | null;
  readonly points: readonly PromptPoint[];
  /** Of turned rectangles, the upright ones around them. */
  readonly boxes: readonly PictureBox[];
  /** What was painted, each of the picture's size: not 0 where it was. */
  readonly strokes: readonly { readonly painted: Uint8Array; readonly isPositive: boolean }[];
}

/** In pixels of the picture. */
export interface PromptPoint {
  readonly x: number;
  readonly y: number;
  /** False where it was set with Alt: this pixel does not belong to the region. */
  readonly isPositive: boolean;
}

/**
 * Reads `params.context` of an interactive /predict: keypoints, rectangles, and brush or bitmask strokes, all of one label.
 * @param width, height size of the picture
 * @throws DatasetGanError `bad-annotation` with the reason why it cannot be answered
 */
export async function readPrompt(context: unknown, config: LabelConfig, width: number, height: number): Promise<Prompt> {
  const result = (context as { result?: unknown } | null)?.result;
  if (!Array.isArray(result) || result.length === 0) throw bad('The prompt has no regions (context.result).');
  const raw = result as unknown[];
  const entries = raw.map((entry, index) => ({ entry: readResultEntry(entry, index), isPositive: isPositive(entry) }));
  const shapes = entries.flatMap(({ entry, ...rest }) =>
    entry === undefined || entry.type === 'labels' ? [] : [{ entry, ...rest }],
  );
  const first = shapes[0];
  if (first === undefined) throw bad('The prompt has no region that can be read.');
  const given = labelsById(entries.map(({ entry }) => entry));
  const label = labelOf(labelTextsOf(first.entry, given), config);
  const points: PromptPoint[] = [];
  const boxes: PictureBox[] = [];
  const strokes: Prompt['strokes'][number][] = [];
  for (const { entry, isPositive } of shapes) {
    checkPictureSize(entry, width, height);
    const kind = maskKind(entry);
    if (kind === 'brush' || kind === 'bitmask') {
      const { mask, from } = await maskOfValue(kind, entry.value, width, height);
      strokes.push({ painted: mask.map((alpha) => (alpha >= from ? 1 : 0)), isPositive });
    } else if ('height' in entry.value) boxes.push(boxOfValue(entry, width, height));
    else points.push({ ...pointOf(entry, width, height), isPositive });
  }
  return { label, id: first.entry.id, points, boxes, strokes };
}

const isPositive = (entry: unknown): boolean => (entry as { is_positive?: unknown } | null)?.is_positive !== false;

function labelOf(texts: readonly string[], { labelTexts, keypointTexts, controls }: LabelConfig): number {
  if (controls.length === 0) throw bad('The label config has no control that draws masks, so a click has no region.');
  const [text] = texts;
  if (text === undefined) throw bad('The prompt has no label: choose a label before you click.');
  const known = new Map(labelTexts);
  const label = texts.map((own) => known.get(own)).find((own) => own !== undefined);
  if (label !== undefined) return label;
  if (keypointTexts.some(([own]) => own === text))
    throw bad(`'${text}' is a keypoint and not the label of a mask: turn Auto-Annotation off to set it.`);
  throw bad(`The label '${text}' is not one of a mask control.`);
}

function pointOf({ name, value }: ResultEntry, width: number, height: number): { x: number; y: number } {
  const [x, y] = [numberOf(value.x), numberOf(value.y)];
  if (x === null || y === null) throw bad(`The ${name} has no place.`);
  return { x: (x / 100) * width, y: (y / 100) * height };
}

const bad = (message: string) => new DatasetGanError('bad-annotation', message);
