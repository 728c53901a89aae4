import sharp, { type Sharp } from 'sharp';
import { Random } from '../interpreter/learning/random.ts';
import { mirroredPhoto } from '../photos/mirrored.ts';
import { type PhotoFrame, shownSize } from '../photos/photo-frame.ts';
import { type FramedPhoto, readPhoto } from '../photos/read-photo.ts';
import type { PairView } from './pair-view.ts';
import type { ViewedPicture } from './view-labels.ts';

/** Beyond the picture: about the mean of photographs. */
const BEYOND = { r: 124, g: 116, b: 104 };
/** Share of each channel in the grey of a pixel (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114] as const;

/**
 * A view of a picture, fitted into its square.
 * @param seed names its noise
 * @throws DatasetGanError `bad-photo`
 */
export async function pictureInView(bytes: Uint8Array, seen: ViewedPicture, seed: number): Promise<FramedPhoto> {
  const { view, side } = seen;
  const frame: PhotoFrame = { width: view.width, height: view.height, side };
  const part = await partInView(bytes, seen, frame);
  const stored = await blurredAndStored(part, shownSize(frame), view);
  changeColours(stored, view);
  addNoise(stored, view.noise, seed);
  const photo = { frame, rgb: stored };
  return view.mirrored ? mirroredPhoto(photo) : photo;
}

async function partInView(bytes: Uint8Array, { width, height, view }: ViewedPicture, frame: PhotoFrame): Promise<Uint8Array> {
  const whole = await readPhoto(bytes, Math.max(width, height));
  const shown = shownSize(frame);
  const across = within(view.left, view.width, width, shown.width);
  const down = within(view.top, view.height, height, shown.height);
  const part = sharp(whole.rgb, { raw: { width, height, channels: 3 } })
    .extract({ left: across.from, top: down.from, width: across.size, height: down.size })
    .resize(across.shown, down.shown, { fit: 'fill' })
    .extend({ left: across.before, right: across.after, top: down.before, bottom: down.after, background: BEYOND });
  return raw(part);
}

/** Of one axis: which pixels of the picture a view sees, and where they are in its square. */
function within(start: number, length: number, side: number, shown: number) {
  const from = Math.max(0, start);
  const to = Math.min(side, start + length);
  const before = Math.round(((from - start) * shown) / length);
  const end = Math.max(before + 1, Math.round(((to - start) * shown) / length));
  return { from, size: to - from, before, shown: end - before, after: shown - end };
}

async function blurredAndStored(
  rgb: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  { blur, jpeg }: PairView,
): Promise<Uint8Array> {
  const picture = (data: Uint8Array) => sharp(data, { raw: { width, height, channels: 3 } });
  const soft = blur > 0 ? await raw(picture(rgb).blur(blur)) : rgb;
  return jpeg === null ? soft : raw(sharp(await picture(soft).jpeg({ quality: jpeg }).toBuffer()));
}

async function raw(picture: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await picture.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer());
}

/** In place. */
function changeColours(rgb: Uint8Array, { gains, contrast, saturation }: PairView): void {
  if ([...gains, contrast, saturation].every((factor) => factor === 1)) return;
  let mean = 0;
  for (let at = 0; at < rgb.length; at += 3) mean += grey(rgb, at);
  mean /= rgb.length / 3;
  for (let at = 0; at < rgb.length; at += 3) {
    const own = grey(rgb, at);
    for (const [channel, gain] of gains.entries()) {
      const coloured = own + saturation * (rgb[at + channel]! - own);
      rgb[at + channel] = clip(gain * (mean + contrast * (coloured - mean)));
    }
  }
}

/** Normal numbers that all pictures share; each begins elsewhere among them, row after row of the table. */
let table: Float32Array | undefined;
const TABLE = 2 ** 16;

/** In place. */
function addNoise(rgb: Uint8Array, deviation: number, seed: number): void {
  if (deviation === 0) return;
  if (table === undefined) {
    const random = new Random(0, 'augment');
    table = Float32Array.from({ length: TABLE }, () => random.normal());
  }
  const random = new Random(seed, 'augment', 1);
  let from = 0;
  for (let at = 0; at < rgb.length; at++) {
    if (at % 1024 === 0) from = random.below(TABLE);
    rgb[at] = clip(rgb[at]! + deviation * table[(from + at) % TABLE]!);
  }
}

const grey = (rgb: Uint8Array, at: number) => GREY[0] * rgb[at]! + GREY[1] * rgb[at + 1]! + GREY[2] * rgb[at + 2]!;
const clip = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
