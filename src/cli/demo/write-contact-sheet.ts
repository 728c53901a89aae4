import sharp from 'sharp';
import { escapeXml } from '../../escape-text.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { Picture } from '../../stylegan/picture.ts';
import { writeFileWhole } from '../../write-whole.ts';
import { partColour } from './portrait-parts.ts';

/** One row of a contact sheet; all of one size. */
export interface SheetRow {
  readonly seed: number;
  readonly picture: Picture;
  readonly truth: LabelMap;
  readonly prediction: LabelMap;
  /** Jensen-Shannon divergence of each pixel, in nats. */
  readonly js: Float32Array;
  readonly mIoU: number | null;
}

export interface SheetText {
  readonly title: string;
  /** Label of each index. */
  readonly labels: readonly string[];
}

const GAP_PIXELS = 6;
const HEAD_PIXELS = 64;
const FOOT_PIXELS = 56;
const MARGIN_PIXELS = 104;
/** What the brightest colour of the uncertainty stands for, in nats: ln 2, two members' worth of disagreement. */
const BRIGHTEST = Math.LN2;
/** Black through purple and orange to light yellow: brighter is more uncertain, for colour-blind readers too. */
const HEAT = ['#000004', '#3b0f70', '#8c2981', '#de4968', '#fe9f6d', '#fcfdbf'].map(bytesOf);

/** Writes a PNG with a row for each picture: image, truth, prediction, uncertainty; and the colours of the labels below. A demo makes it again. */
export async function writeContactSheet(file: string, rows: readonly SheetRow[], text: SheetText): Promise<void> {
  const { width, height } = rows[0]!.picture;
  const sheet = {
    width: MARGIN_PIXELS + 4 * (width + GAP_PIXELS),
    height: HEAD_PIXELS + rows.length * (height + GAP_PIXELS) + FOOT_PIXELS,
  };
  const colours = text.labels.map((label) => bytesOf(partColour(label)));
  const cells = rows.flatMap(({ picture, truth, prediction, js }, row) => {
    const columns = [picture.rgb, painted(truth, colours), painted(prediction, colours), heated(js)];
    return columns.map((rgb, column) => ({
      input: Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength),
      raw: { width, height, channels: 3 as const },
      left: MARGIN_PIXELS + column * (width + GAP_PIXELS),
      top: HEAD_PIXELS + row * (height + GAP_PIXELS),
    }));
  });
  const words = { input: Buffer.from(lettering(sheet, { width, height }, rows, text)), left: 0, top: 0 };
  const png = await sharp({ create: { ...sheet, channels: 3, background: '#ffffff' } })
    .composite([...cells, words])
    .png({ compressionLevel: 9 })
    .toBuffer();
  await writeFileWhole(file, png, { outlives: 'kill' });
}

function painted({ data }: LabelMap, colours: readonly (readonly number[])[]): Uint8Array {
  const rgb = new Uint8Array(3 * data.length);
  for (const [pixel, label] of data.entries()) rgb.set(colours[label] ?? [0, 0, 0], 3 * pixel);
  return rgb;
}

function heated(js: Float32Array): Uint8Array {
  const rgb = new Uint8Array(3 * js.length);
  for (const [pixel, nats] of js.entries()) {
    const place = Math.min(1, nats / BRIGHTEST) * (HEAT.length - 1);
    const below = Math.min(Math.floor(place), HEAT.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [HEAT[below]![channel]!, HEAT[below + 1]![channel]!];
      rgb[3 * pixel + channel] = Math.round(from + (to - from) * (place - below));
    }
  }
  return rgb;
}

/** The words of the sheet, as SVG. */
export function lettering(
  sheet: { readonly width: number; readonly height: number },
  cell: { readonly width: number; readonly height: number },
  rows: readonly SheetRow[],
  { title, labels }: SheetText,
): string {
  const columns = ['image', 'truth', 'prediction', 'uncertainty (JS, 0 to 0.69 nats)'];
  const heads = columns.map((name, index) => {
    const x = MARGIN_PIXELS + index * (cell.width + GAP_PIXELS) + cell.width / 2;
    return `<text x="${x}" y="${HEAD_PIXELS - 10}" text-anchor="middle">${name}</text>`;
  });
  const sides = rows.map(({ seed, mIoU }, index) => {
    const y = HEAD_PIXELS + index * (cell.height + GAP_PIXELS) + cell.height / 2;
    const lines = [`seed ${seed}`, `mIoU ${mIoU?.toFixed(2) ?? '-'}`];
    return lines.map((line, place) => `<text x="10" y="${y + place * 20}">${line}</text>`).join('');
  });
  const step = (sheet.width - 20) / labels.length;
  const keys = labels.map((label, index) => {
    const x = 10 + index * step;
    const y = sheet.height - FOOT_PIXELS + 12;
    return `<rect x="${x}" y="${y}" width="14" height="14" fill="${partColour(label)}" stroke="#808080"/><text x="${x}" y="${y + 32}" font-size="13">${escapeXml(label.toLowerCase())}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}" font-family="DejaVu Sans, Arial, Helvetica, sans-serif" font-size="14" fill="#202020">
<text x="10" y="26" font-size="18" font-weight="bold">${escapeXml(title)}</text>${heads.join('')}${sides.join('')}${keys.join('')}</svg>`;
}

function bytesOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
