import { type EngineContext, engineTask } from '../../engine/task.ts';
import { DatasetGanError } from '../../errors.ts';
import type { Box } from '../../interpreter/boxes/box.ts';
import type { Click } from '../../interpreter/clicks/click-field.ts';
import { type PictureInView, pictureInView } from '../../interpreter/clicks/picture-in-view.ts';
import { type Pointed, regionOfClicks } from '../../interpreter/clicks/region-of-clicks.ts';
import { basisOf } from '../../interpreter/features/basis-file.ts';
import { generatorNetwork } from '../../interpreter/features/generator-network.ts';
import type { PictureSize } from '../../label-studio/annotations/decode-annotated-tasks.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { type Prompt, readPrompt } from '../../label-studio/prompts/prompt.ts';
import { regionsOfLabelMap } from '../../label-studio/regions/regions-of-label-map.ts';
import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import type { PhotoPool } from '../../photos/photo-basis.ts';
import type { PhotoFile } from '../../photos/photo-files.ts';
import { labelsOfPhoto, shownSize } from '../../photos/photo-frame.ts';
import { photoTrainingNetwork } from '../../photos/train-photo-version.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { pictureSize } from '../../stylegan/picture.ts';

/** A picture that somebody clicks into, and what looks at it. */
export type ClickedPicture =
  | { readonly generator: Generator; readonly image: ImageIdentity }
  | { readonly pool: PhotoPool; readonly photo: PhotoFile & { readonly size: PictureSize } };

export interface PromptedRegionInput {
  readonly picture: ClickedPicture;
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
 * @throws DatasetGanError `bad-annotation` with the reason where there is none; basisOf's or photoBasis's, and loadVersion's
 */
export async function promptedRegion(input: PromptedRegionInput, context: EngineContext): Promise<PromptedRegion> {
  const { picture, versionFile, config } = input;
  const size = 'generator' in picture ? pictureSize(picture.generator.card) : picture.photo.size;
  const prompt = await readPrompt(input.context, config, size.width, size.height);
  if (prompt.boxes.length === 0 && ![...prompt.points, ...prompt.strokes].some(({ isPositive }) => isPositive))
    throw nothing('All clicks are negative (Alt): click into the part first.');
  const { view, shown, ofPicture } = await look(context, picture, versionFile);
  const label = config.labels[prompt.label]!;
  const { mask, pixels, score } = regionOfClicks(view, label, pointedAt(prompt, size.width, shown, view.width));
  if (pixels === 0) throw nothing('No pixel of the box differs from what is around it.');
  const map = ofPicture({ ...view, data: mask.map((set) => (set === 1 ? prompt.label : UNKNOWN)) });
  // Not a version's name: what began as a click did not begin as a prediction.
  const version = `click-${prompt.id ?? 'region'}`;
  const [region] = regionsOfLabelMap(config, map, { version, ...size });
  if (region === undefined) throw nothing('The region is too small for a polygon.');
  return { regionJson: JSON.stringify(region), score };
}
export const promptedRegionTask = engineTask(import.meta.url, promptedRegion);

interface Looked {
  readonly view: PictureInView;
  /** Pixels of the label map, from the top left, that show the picture. */
  readonly shown: PictureSize;
  /** A map of these labels as one of the picture. */
  readonly ofPicture: (map: LabelMap) => LabelMap;
}

async function look(context: EngineContext, picture: ClickedPicture, versionFile: string | null): Promise<Looked> {
  if ('generator' in picture) {
    const { generator, image } = picture;
    const on = { network: generatorNetwork(generator), basis: await basisOf(context, generator) };
    const view = await pictureInView(context, on, image, versionFile);
    return { view, shown: view, ofPicture: (map) => map };
  }
  const { pool, photo } = picture;
  const on = await photoTrainingNetwork({ ...pool, annotated: [photo] }, context);
  const view = await pictureInView(context, on, { photo: photo.photo }, versionFile);
  const frame = { ...photo.size, side: pool.view.labelSide };
  return { view, shown: shownSize(frame), ofPicture: ({ data }) => labelsOfPhoto(data, frame) };
}

/** Prompts in pixels of the label map, each pixel once: what was said last about it counts. */
function pointedAt(prompt: Prompt, pictureWidth: number, { width, height }: PictureSize, mapWidth: number): Pointed {
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
      said.set(row(Math.floor(pixel / pictureWidth)) * mapWidth + column(pixel % pictureWidth), isPositive);
    }
  }
  for (const { x, y, isPositive } of prompt.points) said.set(row(y) * mapWidth + column(x), isPositive);
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
