import { describe, expect, it } from 'vitest';
import { borderContact } from '../../../src/label-studio/annotations/border-contact.ts';
import { borderContrast } from '../../../src/label-studio/annotations/border-contrast.ts';
import { fewRows, likelyBackground } from '../../../src/label-studio/annotations/likely-background.ts';
import { readUnpainted } from '../../../src/label-studio/annotations/read-unpainted.ts';
import { type LabelMap, UNKNOWN } from '../../../src/masks/label-map.ts';
import type { RgbPicture } from '../../../src/masks/rgb-picture.ts';

const SIDE = 64;
type Box = readonly [left: number, top: number, right: number, bottom: number];

const inside = (pixel: number, [left, top, right, bottom]: Box) => {
  const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
  return x >= left && x < right && y >= top && y < bottom;
};

/** Two things side by side before a grey wall, which darkens towards the right. */
const LEFT: Box = [16, 16, 32, 48];
const RIGHT: Box = [32, 16, 48, 48];
const picture: RgbPicture = {
  width: SIDE,
  height: SIDE,
  rgb: Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const pixel = Math.floor(i / 3);
    if (inside(pixel, LEFT)) return [200, 40, 40][i % 3]!;
    if (inside(pixel, RIGHT)) return [40, 40, 200][i % 3]!;
    return 140 - (pixel % SIDE);
  }),
};

function painted(...boxes: readonly (readonly [label: number, box: Box])[]) {
  const data = new Uint8Array(SIDE * SIDE).fill(UNKNOWN);
  for (const [label, box] of boxes) for (const pixel of data.keys()) if (inside(pixel, box)) data[pixel] = label;
  const map: LabelMap = { width: SIDE, height: SIDE, data };
  return { map, unpainted: data.map((label) => (label === UNKNOWN ? 1 : 0)) };
}

const full = painted([1, LEFT], [2, RIGHT]);
const onlyLeft = painted([1, LEFT]);
const strokes = painted([1, [20, 20, 24, 40]], [2, [40, 24, 44, 44]]);
const count = (map: LabelMap, label: number) => map.data.reduce((sum, own) => sum + (own === label ? 1 : 0), 0);

describe('borderContact', () => {
  it('is the share of borders along another label, gaps of a hand included', () => {
    // Each part: 16 x 32, one of its four sides along the other.
    expect(borderContact(full.map)).toBeCloseTo(64 / (2 * (2 * 16 + 2 * 32 - 4)), 1);
    const gap = painted([1, [16, 16, 31, 48]], [2, RIGHT]);
    expect(borderContact(gap.map)).toBeGreaterThan(0.25);
  });

  it('is 0 for what stands alone, for strokes, and for nothing', () => {
    for (const { map } of [onlyLeft, strokes, painted()]) expect(borderContact(map)).toBe(0);
  });
});

describe('borderContrast', () => {
  it('is high where a part is painted up to its edge, and low inside it', () => {
    expect(borderContrast(onlyLeft.map, picture)).toBeGreaterThan(0.9);
    expect(borderContrast(strokes.map, picture)).toBeLessThan(0.6);
  });

  it('tells nothing of too small a thing', () => {
    expect(borderContrast(painted([1, [20, 20, 21, 21]]).map, picture)).toBeNull();
    expect(borderContrast(painted().map, picture)).toBeNull();
  });
});

describe('likelyBackground', () => {
  it('is the wall, and nothing of what has a stroke on it', () => {
    const likely = likelyBackground(strokes.map, picture);
    const wall = likely.keys().filter((pixel) => !inside(pixel, LEFT) && !inside(pixel, RIGHT));
    expect([...wall].filter((pixel) => likely[pixel] === 1).length).toBeGreaterThan(0.7 * (SIDE * SIDE - 32 * 32));
    for (const pixel of likely.keys()) if (inside(pixel, LEFT) || inside(pixel, RIGHT)) expect(likely[pixel]).toBe(0);
  });
});

describe('fewRows', () => {
  const all = new Uint8Array(SIDE * SIDE).fill(1);
  const kept = (rows: Uint8Array) => rows.reduce((sum, one) => sum + one, 0);

  it('keeps about as many pixels as wanted, in rows over the whole height', () => {
    const rows = fewRows(all, SIDE, 8 * SIDE);
    expect(kept(rows)).toBe(8 * SIDE);
    expect(rows.subarray(0, SIDE * 8).includes(1)).toBe(true);
    expect(rows.subarray(SIDE * 56).includes(1)).toBe(true);
  });

  it('keeps all where more is wanted than there is, and four rows however little is wanted', () => {
    expect(kept(fewRows(all, SIDE, 1e6))).toBe(SIDE * SIDE);
    expect(kept(fewRows(all, SIDE, 1))).toBe(4 * SIDE);
    expect(kept(fewRows(new Uint8Array(SIDE * SIDE), SIDE, 5))).toBe(0);
  });
});

describe('readUnpainted', () => {
  it('takes parts that meet, or that end where the picture changes, for a full mask', () => {
    for (const one of [full, onlyLeft]) {
      const { map, note } = readUnpainted(one, picture, 'auto');
      expect(note).toBeNull();
      expect(count(map, 0)).toBe(count(one.map, UNKNOWN));
      expect(count(map, UNKNOWN)).toBe(0);
    }
  });

  it('takes strokes for strokes, and says so', () => {
    const { map, note } = readUnpainted(strokes, picture, 'auto');
    expect(note).toMatch(/^4 % painted, the rest counts as unknown, except \d\d % that are most likely background$/);
    expect([1, 2].map((label) => count(map, label))).toEqual([1, 2].map((label) => count(strokes.map, label)));
    expect(count(map, 0)).toBeGreaterThan(0);
    expect(count(map, UNKNOWN)).toBeGreaterThan(0);
  });

  it('believes who says that a full mask is one of strokes', () => {
    expect(readUnpainted(full, picture, 'unknown').note).toMatch(/^25 % painted/);
  });

  it('leaves what is painted with an unknown label unknown', () => {
    const map = { ...full.map, data: full.map.data.slice() };
    for (const pixel of map.data.keys()) if (inside(pixel, [0, 0, 8, 8])) map.data[pixel] = UNKNOWN;
    const unpainted = full.unpainted.map((bare, pixel) => (inside(pixel, [0, 0, 8, 8]) ? 0 : bare));
    expect(readUnpainted({ map, unpainted }, picture, 'auto').map.data[0]).toBe(UNKNOWN);
    expect(readUnpainted({ map, unpainted }, picture, 'unknown').map.data[0]).toBe(UNKNOWN);
  });
});
