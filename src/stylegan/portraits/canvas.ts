import type { Rgb } from './colour.ts';
import { PARTS, type Part } from './parts.ts';

/** Side of the picture in pixels. */
export const SIDE = 256;

const PIXEL = 2 / SIDE;

/** A value at a place: (x, y) in the frame that is painted in. */
type At<T> = (x: number, y: number) => T;

export interface Shape {
  /** `head`: coordinates that turn with the head. */
  readonly frame: 'picture' | 'head';
  /** Signed distance, negative inside. */
  readonly distance: At<number>;
  /** Centre and radius of a disc that holds the shape, so that pixels far from a small one are not asked; default everywhere. */
  readonly within?: readonly [x: number, y: number, radius: number];
  readonly part: Part;
  /** Writes the colour at (x, y). */
  readonly colour: (out: Rgb, x: number, y: number) => void;
  /** 0 … 1; default 1. */
  readonly opacity?: At<number>;
}

/**
 * A picture being painted, shape over shape, and the part of each pixel. Coordinates run from -1 to 1, x right, y down; the centre of the pixel in
 * row i, column j is x = (j + 0.5)/SIDE · 2 - 1, y = (i + 0.5)/SIDE · 2 - 1. The head's frame is turned by `tilt` about (0, 0.3).
 */
export class Canvas {
  /** Part of each pixel, an index into PARTS. */
  readonly mask = new Uint8Array(SIDE * SIDE);
  /** Colours 0 … 1, [3, SIDE, SIDE]; undefined when only the mask is wanted. */
  readonly image: Float64Array | undefined;
  readonly #frames: Record<Shape['frame'], { x: Float64Array; y: Float64Array }>;
  readonly #tilt: number;

  constructor(tilt: number, withImage: boolean) {
    this.#tilt = tilt;
    if (withImage) this.image = new Float64Array(3 * SIDE * SIDE);
    const frame = () => ({ x: new Float64Array(SIDE * SIDE), y: new Float64Array(SIDE * SIDE) });
    const picture = frame();
    const head = frame();
    const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
    for (let i = 0, at = 0; i < SIDE; i++) {
      for (let j = 0; j < SIDE; j++, at++) {
        const x = ((j + 0.5) / SIDE) * 2 - 1;
        const y = ((i + 0.5) / SIDE) * 2 - 1;
        picture.x[at] = x;
        picture.y[at] = y;
        head.x[at] = c * x + s * (y - 0.3);
        head.y[at] = -s * x + c * (y - 0.3) + 0.3;
      }
    }
    this.#frames = { picture, head };
  }

  /**
   * Paints a shape over what is there: coverage a = clip(0.5 - distance/pixel, 0, 1) · opacity; colour ← colour (1 - a) + new a; the pixel belongs
   * to the shape where a > 0.5.
   */
  paint(shape: Shape): void {
    const { mask, image } = this;
    const { frame, distance, part, colour, opacity } = shape;
    const { x: xs, y: ys } = this.#frames[frame];
    const index = PARTS.indexOf(part);
    const rgb = new Float64Array(3);
    const [left, right, top, bottom] = this.#window(shape);
    for (let row = top; row < bottom; row++) {
      for (let at = row * SIDE + left; at < row * SIDE + right; at++) {
        const x = xs[at]!;
        const y = ys[at]!;
        const coverage = Math.min(0.5 - distance(x, y) / PIXEL, 1);
        if (!(coverage > 0)) continue;
        const a = opacity === undefined ? coverage : coverage * opacity(x, y);
        if (a > 0.5) mask[at] = index;
        if (image === undefined) continue;
        colour(rgb, x, y);
        for (let channel = 0, to = at; channel < 3; channel++, to += mask.length)
          image[to] = image[to]! * (1 - a) + rgb[channel]! * a;
      }
    }
  }

  /** Columns and rows [left, right, top, bottom) in which the shape may be. */
  #window({ frame, within }: Shape): [number, number, number, number] {
    if (within === undefined) return [0, SIDE, 0, SIDE];
    const [x, y] = frame === 'head' ? fromHead(within[0], within[1], this.#tilt) : within;
    const clip = (position: number) => Math.min(Math.max(position, 0), SIDE);
    const first = (centre: number) => clip(Math.floor((centre - within[2] + 1) / PIXEL));
    const end = (centre: number) => clip(Math.ceil((centre + within[2] + 1) / PIXEL));
    return [first(x), end(x), first(y), end(y)];
  }
}

/** A point of the head's frame in the picture's. */
export function fromHead(x: number, y: number, tilt: number): [number, number] {
  const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
  return [c * x - s * (y - 0.3), s * x + c * (y - 0.3) + 0.3];
}
