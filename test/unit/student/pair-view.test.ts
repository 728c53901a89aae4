import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { UNLABELLED } from '../../../src/interpreter/sampling/annotation.ts';
import { mirrorIndex } from '../../../src/keypoints/flip-index.ts';
import { shownSize } from '../../../src/photos/photo-frame.ts';
import { drawView, type PairView } from '../../../src/student/pair-view.ts';
import { AUGMENTATION, type Augmentation } from '../../../src/student/student-recipe.ts';
import { labelsInView, pointsInView, type Sides } from '../../../src/student/view-labels.ts';
import { pictureInView } from '../../../src/student/view-picture.ts';

const LABELS = ['wall', 'left ear', 'right ear', 'nose'];
const COLOURS = [
  [90, 90, 90],
  [220, 30, 30],
  [30, 200, 40],
  [40, 60, 230],
] as const;
const POINTS = ['left ear', 'right ear', 'tail'];
const SIDES: Sides = { labels: mirrorIndex(LABELS)!, keypoints: mirrorIndex(POINTS)! };
/** Geometry alone: colours stay what they are. */
const MOVED: Augmentation = { ...AUGMENTATION, zoom: [0.5, 1.3], colour: 0, blur: [0, 0], jpeg: [0, 90], noise: [0, 0] };
const SIZE = { width: 120, height: 80 };

/** A picture painted by its label map: an ear on each side, whose middles are its keypoints, and a nose below. */
const map = {
  ...SIZE,
  data: Uint8Array.from({ length: 120 * 80 }, (_, i) => {
    const [x, y] = [(i % 120) + 0.5, Math.floor(i / 120) + 0.5];
    if (Math.hypot(x - 30, y - 30) < 14) return 1;
    if (Math.hypot(x - 85, y - 35) < 17) return 2;
    return Math.abs(x - 60) < 12 && Math.abs(y - 60) < 10 ? 3 : 0;
  }),
};
const rgb = Uint8Array.from([...map.data].flatMap((label) => COLOURS[label]!));
const png = await sharp(rgb, { raw: { ...SIZE, channels: 3 } })
  .png()
  .toBuffer();
const points = [{ x: 30, y: 30 }, { x: 85, y: 35 }, null];

const viewOf = (seed: number, augmentation = MOVED, mayMirror = true) =>
  drawView(SIZE, augmentation, mayMirror, new Random(seed, 'augment'));
const seenBy = (view: PairView, side: number) => ({ ...SIZE, view, side });

/** Label whose colour is nearest, row by row of the square; beyond the shown part UNLABELLED. */
async function coloursInView(view: PairView, side: number): Promise<Uint8Array> {
  const photo = await pictureInView(png, seenBy(view, side), 0);
  const shown = shownSize(photo.frame);
  expect(photo.rgb.length).toBe(3 * shown.width * shown.height);
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    if (x >= shown.width || y >= shown.height) return UNLABELLED;
    const own = photo.rgb.subarray(3 * (y * shown.width + x), 3 * (y * shown.width + x) + 3);
    const far = COLOURS.map((colour) => Math.hypot(...colour.map((value, channel) => value - own[channel]!)));
    return far.indexOf(Math.min(...far));
  });
}

test('picture, label map and keypoints move alike', async () => {
  const drawn = Array.from({ length: 40 }, (_, seed) => viewOf(seed));
  expect(drawn.some(({ mirrored }) => mirrored) && drawn.some(({ mirrored }) => !mirrored)).toBe(true);
  expect(drawn.some(({ width }) => width > 120) && drawn.some(({ width }) => width < 80)).toBe(true);
  let marked = 0;
  for (const view of drawn) {
    const side = 96;
    const { data } = labelsInView(map, seenBy(view, side), SIDES);
    const painted = await coloursInView(view, side);
    // Sides change places by name, and colours do not.
    const named = view.mirrored ? painted.map((label) => SIDES.labels[label] ?? label) : painted;
    const labelled = [...data.keys()].filter((pixel) => data[pixel] !== UNLABELLED);
    const right = labelled.filter((pixel) => named[pixel] === data[pixel]).length;
    // Colours mix at the borders, where another pixel's label is as good.
    expect(right / labelled.length).toBeGreaterThan(0.96);
    const seen = pointsInView(points, map, seenBy(view, side), SIDES);
    expect(seen[2]).toBeNull();
    for (const [k, point] of seen.slice(0, 2).entries()) {
      if (point === null) continue;
      marked++;
      expect(data[Math.floor(point.y) * side + Math.floor(point.x)]).toBe(k + 1);
    }
  }
  expect(marked).toBeGreaterThan(40);
});

test('the middle of a part stays in its middle', () => {
  for (let seed = 0; seed < 20; seed++) {
    const view = viewOf(seed, { ...MOVED, zoom: [1, 1.4] });
    const side = 200;
    const { data } = labelsInView(map, seenBy(view, side), SIDES);
    for (const [k, point] of pointsInView(points, map, seenBy(view, side), SIDES).entries()) {
      if (point === null) continue;
      const part = [...data.keys()].filter((pixel) => data[pixel] === k + 1);
      const mean = (of: (pixel: number) => number) => part.reduce((sum, pixel) => sum + of(pixel) + 0.5, 0) / part.length;
      expect(Math.abs(mean((pixel) => pixel % side) - point.x)).toBeLessThan(1);
      expect(Math.abs(mean((pixel) => Math.floor(pixel / side)) - point.y)).toBeLessThan(1);
    }
  }
});

test('beyond the picture nothing is labelled', async () => {
  const view = { ...viewOf(0), left: -60, top: -40, width: 240, height: 160, mirrored: false };
  const { data } = labelsInView(map, seenBy(view, 48), SIDES);
  expect(data[0]).toBe(UNLABELLED);
  expect(data.filter((label) => label !== UNLABELLED).length).toBe(24 * 16);
  const photo = await pictureInView(png, seenBy(view, 48), 0);
  expect([...photo.rgb.subarray(0, 3)]).toEqual([124, 116, 104]);
});

test('nothing is mirrored where a side has no partner', () => {
  const views = Array.from({ length: 50 }, (_, seed) => viewOf(seed, MOVED, false));
  expect(views.filter(({ mirrored }) => mirrored)).toEqual([]);
});

test('the same seed gives the same bytes, and another one others', async () => {
  const strong: Augmentation = { ...AUGMENTATION, colour: 0.3, blur: [1, 2], jpeg: [1, 40], noise: [1, 10] };
  const bytes = async (seed: number) => (await pictureInView(png, seenBy(viewOf(seed, strong), 64), seed)).rgb;
  expect(viewOf(3, strong)).toEqual(viewOf(3, strong));
  expect(viewOf(3, strong)).not.toEqual(viewOf(4, strong));
  expect(await bytes(3)).toEqual(await bytes(3));
  const { rgb: noisy } = await pictureInView(png, seenBy(viewOf(3, strong), 64), 5);
  expect(noisy).not.toEqual(await bytes(3));
});
