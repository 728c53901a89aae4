/**
 * How long it takes to write the BrushLabels RLE of every label of a 10-class 512 px label map, beside @thi.ng/rle-pack on RGBA pictures, which is
 * what Label Studio's own front end does. Both give the same bytes, checked first.
 */
import { cpus } from 'node:os';
import { encode } from '@thi.ng/rle-pack';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { encodeBrushRles } from '../../src/masks/rle/brush-rle.ts';

const SIDE = 512;
const CLASSES = 10;

/** Nine ellipses of face-like sizes over background: long runs and short ones. */
function faceLikeMap(): LabelMap {
  const parts = [
    [256, 240, 190, 220],
    [256, 270, 130, 160],
    [205, 230, 26, 12],
    [307, 230, 26, 12],
    [205, 230, 9, 9],
    [307, 230, 9, 9],
    [256, 285, 18, 30],
    [256, 345, 42, 14],
    [256, 480, 180, 70],
  ] as const;
  const data = new Uint8Array(SIDE * SIDE);
  for (const [i, [cx, cy, rx, ry]] of parts.entries()) {
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1) data[y * SIDE + x] = i + 1;
    }
  }
  return { width: SIDE, height: SIDE, data };
}

function rlePack(map: LabelMap): Uint8Array[] {
  const masks: Uint8Array[] = [];
  for (let label = 0; label < CLASSES; label++) {
    const words = new Uint32Array(map.data.length);
    for (let i = 0; i < words.length; i++) if (map.data[i] === label) words[i] = 0xffffffff;
    const rgba = new Uint8Array(words.buffer);
    masks.push(encode(rgba, rgba.length));
  }
  return masks;
}

/** Median milliseconds of `runs` calls, after a fifth as many to warm up. */
function median(runs: number, call: () => unknown): number {
  for (let i = 0; i < runs / 5; i++) call();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

const map = faceLikeMap();
const ours = [...encodeBrushRles(map).values()];
const theirs = rlePack(map);
const same = ours.length === CLASSES && ours.every((mask, i) => Buffer.compare(mask, theirs[i]!) === 0);
if (!same) throw new Error('The bytes differ from those of @thi.ng/rle-pack');

const figure = median(200, () => encodeBrushRles(map));
const anchor = median(15, () => rlePack(map));
const bytes = ours.reduce((sum, mask) => sum + mask.length, 0);
console.log(
  `brush: ${CLASSES} classes, ${SIDE}x${SIDE} px, ${bytes} bytes, identical; ${cpus()[0]?.model}, Node ${process.version}`,
);
console.log(`  figure  ${figure.toFixed(3)} ms  (straight from the label map)`);
console.log(`  anchor  ${anchor.toFixed(1)} ms  (@thi.ng/rle-pack on RGBA)`);
console.log(`  ratio   ${(anchor / figure).toFixed(0)}x  (at least 20x)`);
