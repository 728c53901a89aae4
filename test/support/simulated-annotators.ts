import type { Random } from '../../src/interpreter/learning/random.ts';
import { type LabelMap, UNKNOWN } from '../../src/masks/label-map.ts';
import { nearestSet } from '../../src/masks/nearest-set.ts';

/** How somebody annotates a picture whose parts are known. Pixels that they leave alone are UNKNOWN. */
export type Annotator = (truth: LabelMap, labels: readonly number[], random: Random) => LabelMap;

/** Every pixel of the labels. */
export const paintFully: Annotator = (truth, labels) => {
  const painted = new Set(labels);
  return { ...truth, data: truth.data.map((label) => (painted.has(label) ? label : UNKNOWN)) };
};

/** As a hand paints it: borders up to 3 px off, in waves, and gaps between neighbours. */
export const paintByHand: Annotator = (truth, labels, random) => {
  const { width, height, data } = truth;
  const shifts = [wave(random), wave(random)] as const;
  const wanted = new Set(labels);
  const out = new Uint8Array(data.length).fill(UNKNOWN);
  const gap = 1;
  const moved = (x: number, y: number) => {
    const sx = clamp(Math.round(x + shifts[0](x, y)), width);
    const sy = clamp(Math.round(y + shifts[1](x, y)), height);
    return data[sy * width + sx]!;
  };
  const near = (x: number, y: number, label: number) =>
    moved(clamp(x + gap, width), y) === label && moved(x, clamp(y + gap, height)) === label;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = moved(x, y);
      if (wanted.has(label) && near(x, y, label)) out[y * width + x] = label;
    }
  }
  return { width, height, data: out };
};

/** Strokes of a round brush inside each part: `count` of them, 4 to 12 px wide unless `width` says so. */
export const stroke =
  (count: number, brushWidth?: number): Annotator =>
  (truth, labels, random) => {
    const { width, height, data } = truth;
    const out = new Uint8Array(data.length).fill(UNKNOWN);
    const brush = brushWidth ?? 4 + random.below(9);
    for (const label of labels) {
      const depth = depthInside(truth, label);
      const inside = [...depth.keys()].filter((pixel) => depth[pixel]! > 0);
      if (inside.length === 0) continue;
      const deepest = inside.reduce((most, pixel) => Math.max(most, depth[pixel]!), 0);
      const radius = Math.max(1, Math.min(brush / 2, 0.8 * deepest));
      const starts = inside.filter((pixel) => depth[pixel]! >= 0.9 * radius);
      for (let i = 0; i < count; i++) {
        let pixel = starts[random.below(starts.length)]!;
        let direction = 2 * Math.PI * random.uniform();
        const length = Math.sqrt(inside.length) * (0.3 + 0.7 * random.uniform());
        for (let step = 0; step < length; step++) {
          stamp(out, width, height, pixel, radius, label);
          let next: number | undefined;
          for (let attempt = 0; attempt < 8 && next === undefined; attempt++) {
            const turned = direction + (attempt === 0 ? 0.4 : 0.8 * attempt) * (random.uniform() - 0.5) * 2;
            const x = Math.round((pixel % width) + 1.5 * Math.cos(turned));
            const y = Math.round(Math.floor(pixel / width) + 1.5 * Math.sin(turned));
            if (x < 0 || y < 0 || x >= width || y >= height || depth[y * width + x]! < 0.9 * radius) continue;
            next = y * width + x;
            direction = turned;
          }
          if (next === undefined) break;
          pixel = next;
        }
      }
    }
    return { width, height, data: out };
  };

/**
 * Strokes as somebody draws who wants to show a part with few of them: each as long as the part is, and each next one begins farthest from what is
 * painted of it. `brushWidth` in pixels; nothing is painted outside of the part.
 */
export const scribble =
  (count: number, brushWidth = 6): Annotator =>
  (truth, labels, random) => {
    const { width, height, data } = truth;
    const out = new Uint8Array(data.length).fill(UNKNOWN);
    for (const label of labels) {
      const depth = depthInside(truth, label);
      const deepest = depth.reduce((most, own) => Math.max(most, own), 0);
      const least = Math.max(1, Math.min(brushWidth / 2, 0.6 * deepest));
      const core = depth.map((own) => (own >= least ? 1 : 0));
      const inside = [...core.keys()].filter((pixel) => core[pixel] === 1);
      if (inside.length === 0) continue;
      const own = new Uint8Array(data.length);
      for (let i = 0; i < count; i++) {
        const begin = i === 0 ? farthest(core, width, inside[random.below(inside.length)]!).at(-1)! : farFrom(own, width, inside);
        for (const pixel of farthest(core, width, begin)) {
          stamp(own, width, height, pixel, brushWidth / 2, 1);
        }
      }
      for (const [pixel, painted] of own.entries()) if (painted === 1 && data[pixel] === label) out[pixel] = label;
    }
    return { width, height, data: out };
  };

/** One half of each part, cut by a line through its middle: begun, not finished. */
export const paintHalf: Annotator = (truth, labels, random) => {
  const { width, height, data } = truth;
  const out = new Uint8Array(data.length).fill(UNKNOWN);
  for (const label of labels) {
    const own = [...data.keys()].filter((pixel) => data[pixel] === label);
    const [mx, my] = [0, 1].map(
      (axis) => own.reduce((sum, p) => sum + (axis === 0 ? p % width : Math.floor(p / width)), 0) / own.length,
    );
    const angle = 2 * Math.PI * random.uniform();
    for (const pixel of own) {
      const side = Math.cos(angle) * ((pixel % width) - mx!) + Math.sin(angle) * (Math.floor(pixel / width) - my!);
      if (side > 0) out[pixel] = label;
    }
  }
  return { width, height, data: out };
};

const clamp = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));

/** A smooth shift of up to 3 px. */
function wave(random: Random): (x: number, y: number) => number {
  const terms = Array.from({ length: 3 }, () => ({
    u: (0.05 + 0.15 * random.uniform()) * (random.uniform() < 0.5 ? -1 : 1),
    v: (0.05 + 0.15 * random.uniform()) * (random.uniform() < 0.5 ? -1 : 1),
    phase: 2 * Math.PI * random.uniform(),
  }));
  return (x, y) => terms.reduce((sum, { u, v, phase }) => sum + Math.sin(u * x + v * y + phase), 0);
}

/** The shortest path within `core` from a pixel to the one that is farthest to walk to, both included. */
function farthest(core: Int32Array, width: number, from: number): number[] {
  const before = new Int32Array(core.length).fill(-1);
  before[from] = from;
  const queue = [from];
  for (const pixel of queue)
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) {
        const x = (pixel % width) + dx;
        const next = pixel + dy * width + dx;
        if (x < 0 || x >= width || core[next] !== 1 || before[next] !== -1) continue;
        before[next] = pixel;
        queue.push(next);
      }
  const path = [queue.at(-1)!];
  while (path[0] !== from) path.unshift(before[path[0]!]!);
  return path;
}

/** Of the `candidates`, the pixel that is farthest from all that is painted. */
function farFrom(painted: Uint8Array, width: number, candidates: readonly number[]): number {
  const nearest = nearestSet(painted, width, painted.length / width);
  const squared = (pixel: number) =>
    ((pixel % width) - (nearest[pixel]! % width)) ** 2 + (Math.floor(pixel / width) - Math.floor(nearest[pixel]! / width)) ** 2;
  return candidates.reduce((most, pixel) => (squared(pixel) > squared(most) ? pixel : most));
}

/** City-block distance of each pixel of the label to the nearest other one; 0 outside. */
function depthInside({ width, height, data }: LabelMap, label: number): Int32Array {
  const depth = Int32Array.from(data, (value) => (value === label ? width + height : 0));
  const relax = (pixel: number, other: number) => {
    depth[pixel] = Math.min(depth[pixel]!, depth[other]! + 1);
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (x > 0) relax(y * width + x, y * width + x - 1);
      if (y > 0) relax(y * width + x, (y - 1) * width + x);
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      if (x < width - 1) relax(y * width + x, y * width + x + 1);
      if (y < height - 1) relax(y * width + x, (y + 1) * width + x);
    }
  return depth;
}

function stamp(out: Uint8Array, width: number, height: number, pixel: number, radius: number, label: number): void {
  const [cx, cy] = [pixel % width, Math.floor(pixel / width)];
  const r = Math.ceil(radius);
  for (let y = Math.max(0, cy - r); y <= Math.min(height - 1, cy + r); y++)
    for (let x = Math.max(0, cx - r); x <= Math.min(width - 1, cx + r); x++)
      if ((x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2) out[y * width + x] = label;
}
