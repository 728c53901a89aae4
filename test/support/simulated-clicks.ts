import { connectedComponents } from '../../src/masks/components.ts';
import { nearestSet } from '../../src/masks/nearest-set.ts';

/** A mask of 0 and 1, row-major. */
interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface SimulatedClick {
  readonly pixel: number;
  readonly inside: boolean;
}

/** Where somebody clicks next who wants `target` and was answered `answer`: the middle of the greatest piece that is wrong. Undefined where none is. */
export function nextClick(target: Mask, answer: Uint8Array): SimulatedClick | undefined {
  const { width, height, data } = target;
  const errors = data.map((wanted, pixel) => (wanted === answer[pixel] ? 0 : 1 + wanted));
  const { ids, components } = connectedComponents({ width, height, data: errors });
  const wrong = [...components.keys()].filter((id) => components[id]!.label !== 0);
  if (wrong.length === 0) return undefined;
  const greatest = wrong.reduce((most, id) => (components[id]!.pixels > components[most]!.pixels ? id : most));
  const piece = Uint8Array.from(ids, (id) => (id === greatest ? 1 : 0));
  return { pixel: middleOf({ width, height, data: piece }), inside: components[greatest]!.label === 2 };
}

/** The pixel of the mask that is farthest from all others, those beyond the picture's border included. */
function middleOf({ width, height, data }: Mask): number {
  const wide = width + 2;
  const outside = new Uint8Array(wide * (height + 2)).fill(1);
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel] === 1) outside[bordered(pixel, width)] = 0;
  const nearest = nearestSet(outside, wide, height + 2);
  let [best, at] = [-1, 0];
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0) continue;
    const own = bordered(pixel, width);
    const other = nearest[own]!;
    const squared = ((own % wide) - (other % wide)) ** 2 + (Math.floor(own / wide) - Math.floor(other / wide)) ** 2;
    if (squared > best) [best, at] = [squared, pixel];
  }
  return at;
}

const bordered = (pixel: number, width: number) => (Math.floor(pixel / width) + 1) * (width + 2) + (pixel % width) + 1;
