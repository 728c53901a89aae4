import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { Box } from '../../interpreter/boxes/box.ts';
import type { Click } from '../../interpreter/clicks/click-field.ts';
import { pictureInView } from '../../interpreter/clicks/picture-in-view.ts';
import { type Pointed, regionOfClicks } from '../../interpreter/clicks/region-of-clicks.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { type Prompt, readPrompt } from '../../label-studio/prompts/prompt.ts';
import { regionsOfLabelMap } from '../../label-studio/regions/regions-of-label-map.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { pictureSize } from '../../stylegan/picture.ts';

export interface PromptedRegionInput {
  readonly generator: Generator;
  readonly image: ImageIdentity;
  /** Of the version whose probabilities are the prior; null: none. */
  readonly versionFile: string | null;
  readonly config: LabelConfig;
  /** `params.context` as Label Studio sent it. */
  readonly context: unknown;
}

export interface PromptedRegion {
  /** The region as JSON text, ready to be sent. */
  readonly regionJson: string;
  readonly score: number;
}

/** Pixels of a stroke that count as clicks: what more of them add is hardly more than time. */
const CLICKS_OF_STROKES = 24;

/**
 * The region that an annotator's prompts mean, as the control of their label draws it; of a polygon control the widest piece.
 * @throws DatasetGanError `bad-annotation` with the reason where there is none; pictureInView's
 */
export async function promptedRegion(input: PromptedRegionInput, context: EngineContext): Promise<PromptedRegion> {
  const { generator, image, versionFile, config } = input;
  const size = pictureSize(generator.card);
  const prompt = await readPrompt(input.context, config, size.width, size.height);
  if (prompt.boxes.length === 0 && ![...prompt.points, ...prompt.strokes].some(({ isPositive }) => isPositive))
    throw nothing('All clicks are negative (Alt): click into the part first.');
  const view = await pictureInView(context, generator, image, versionFile);
  const label = config.labels[prompt.label]!;
  const { mask, pixels, score } = regionOfClicks(view, label, pointedAt(prompt, size.width, view));
  if (pixels === 0) throw nothing('No pixel of the box differs from what is around it.');
  const map = { ...view, data: mask.map((set) => (set === 1 ? prompt.label : UNKNOWN)) };
  // Not a version's name: what began as a click did not begin as a prediction.
  const version = `click-${prompt.id ?? 'region'}`;
  const [region] = regionsOfLabelMap(config, map, { version, ...size });
  if (region === undefined) throw nothing('The region is too small for a polygon.');
  return { regionJson: JSON.stringify(region), score };
}
export const promptedRegionTask = engineTask(import.meta.url, promptedRegion);

/** Prompts in pixels of the label map, each pixel once: what was said last about it counts. */
function pointedAt(prompt: Prompt, pictureWidth: number, { width, height }: { width: number; height: number }): Pointed {
  const scale = width / pictureWidth;
  const column = (x: number) => Math.max(0, Math.min(width - 1, Math.floor(x * scale)));
  const row = (y: number) => Math.max(0, Math.min(height - 1, Math.floor(y * scale)));
  const said = new Map<number, boolean>();
  const share = Math.ceil(CLICKS_OF_STROKES / Math.max(1, prompt.strokes.length));
  for (const { painted, isPositive } of prompt.strokes) {
    const set = [...painted.keys()].filter((pixel) => painted[pixel] === 1);
    const count = Math.min(share, set.length);
    for (let i = 0; i < count; i++) {
      const pixel = set[Math.floor(((i + 0.5) * set.length) / count)]!;
      said.set(row(Math.floor(pixel / pictureWidth)) * width + column(pixel % pictureWidth), isPositive);
    }
  }
  for (const { x, y, isPositive } of prompt.points) said.set(row(y) * width + column(x), isPositive);
  const clicks: Click[] = [...said].map(([pixel, inside]) => ({ pixel, inside }));
  return { clicks, box: prompt.boxes.map((box) => pixelsOf(box, column, row)).reduce(around, null) };
}

const pixelsOf = (box: Prompt['boxes'][number], column: (x: number) => number, row: (y: number) => number): Box => ({
  left: column(box.left),
  top: row(box.top),
  right: column(box.right) + 1,
  bottom: row(box.bottom) + 1,
});

/** The box around both. */
const around = (a: Box | null, b: Box): Box =>
  a === null
    ? b
    : {
        left: Math.min(a.left, b.left),
        top: Math.min(a.top, b.top),
        right: Math.max(a.right, b.right),
        bottom: Math.max(a.bottom, b.bottom),
      };

const nothing = (message: string) => new DatasetGanError('bad-annotation', message);
