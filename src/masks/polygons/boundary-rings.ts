import type { Components } from '../components.ts';
import type { Ring } from './polygon-raster.ts';
import { traceRing } from './trace-ring.ts';

/**
 * All boundaries of every connected component along its pixel edges, by component: the outer one first (clockwise), then those of its holes (the
 * other way). By the even-odd rule together they enclose exactly the component's pixels.
 */
export function boundaryRings({ ids, components }: Components, width: number, height: number): Ring[][] {
  const rings: Ring[][] = components.map(() => []);
  const passed = new Uint8Array(ids.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const id = ids[i]!;
      if (passed[i] === 1 || (y > 0 && ids[i - width] === id)) continue;
      rings[id]!.push(traceRing({ ids, id, width, height }, x, y, passed));
    }
  }
  return rings;
}
