import type { LabelMap } from '../../../src/masks/label-map.ts';
import { seededRandom } from './random.ts';

/** A label map of overlapping random discs, boxes and single pixels; index 0 where there is none. */
export function randomMap(seed: number, width: number, height: number, classes: number, shapes: number): LabelMap {
  const random = seededRandom(seed);
  const data = new Uint8Array(width * height);
  for (let s = 0; s < shapes; s++) {
    const label = Math.floor(random() * classes);
    const cx = random() * width;
    const cy = random() * height;
    const rx = random() * random() * width * 0.5;
    const ry = random() * random() * height * 0.5;
    const round = random() < 0.6;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const u = (x + 0.5 - cx) / rx;
        const v = (y + 0.5 - cy) / ry;
        if (round ? u * u + v * v <= 1 : Math.abs(u) <= 1 && Math.abs(v) <= 1) data[y * width + x] = label;
      }
    }
  }
  for (let s = 0; s < shapes; s++) data[Math.floor(random() * data.length)] = Math.floor(random() * classes);
  return { width, height, data };
}

/** A label map drawn as text: one character a pixel, '.' is 0, '?' is UNKNOWN, digits are themselves. */
export function drawn(...rows: string[]): LabelMap {
  const text = rows.join('');
  const data = Uint8Array.from(text, (c) => (c === '.' ? 0 : c === '?' ? 255 : Number(c)));
  return { width: rows[0]!.length, height: rows.length, data };
}

export function asText(map: LabelMap): string[] {
  const rows: string[] = [];
  for (let y = 0; y < map.height; y++) {
    const row = map.data.subarray(y * map.width, (y + 1) * map.width);
    rows.push(Array.from(row, (v) => (v === 0 ? '.' : v === 255 ? '?' : String(v))).join(''));
  }
  return rows;
}

/** The RGBA picture that Label Studio encodes for one label: 255 in all four channels where the label is, 0 elsewhere. */
export function rgbaOf(map: LabelMap, label: number): Uint8Array {
  const rgba = new Uint8Array(map.data.length * 4);
  for (let i = 0; i < map.data.length; i++) if (map.data[i] === label) rgba.fill(255, i * 4, i * 4 + 4);
  return rgba;
}
