import { describe, expect, it } from 'vitest';
import { connectedComponents } from '../../../src/masks/components.ts';
import { bevelRing } from '../../../src/masks/polygons/bevel-ring.ts';
import { outerRing } from '../../../src/masks/polygons/outer-ring.ts';
import { type Ring, rasterizePolygon } from '../../../src/masks/polygons/polygon-raster.ts';
import { simplifyRing } from '../../../src/masks/polygons/simplify-ring.ts';
import { resizeLabelMap } from '../../../src/masks/resize-label-map.ts';
import { filledPolygon } from '../../support/filled-polygon.ts';
import { seededRandom } from './random.ts';
import { asText, drawn, randomMap } from './shapes.ts';

const raster = (ring: Ring, width: number, height: number) => asText({ width, height, data: filledPolygon(ring, width, height) });

describe('rasterizePolygon', () => {
  it('takes the pixels whose centre is inside', () => {
    expect(
      raster(
        [
          [1, 1],
          [4, 1],
          [4, 3],
          [1, 3],
        ],
        5,
        4,
      ),
    ).toEqual(['.....', '.111.', '.111.', '.....']);
    expect(
      raster(
        [
          [0.6, 0.4],
          [3.4, 0.4],
          [3.4, 1.6],
          [0.6, 1.6],
        ],
        5,
        3,
      ),
    ).toEqual(['.11..', '.11..', '.....']);
    expect(
      raster(
        [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
        4,
        4,
      ),
    ).toEqual(['111.', '11..', '1...', '....']);
  });

  it('leaves holes where a ring crosses itself (even-odd)', () => {
    const twice: Ring = [
      [0, 0],
      [6, 0],
      [6, 6],
      [0, 6],
      [0, 0],
      [2, 2],
      [4, 2],
      [4, 4],
      [2, 4],
      [2, 2],
    ];
    expect(raster(twice, 6, 6)).toEqual(['111111', '111111', '11..11', '11..11', '111111', '111111']);
  });

  it('cuts off what lies outside the picture, in either direction of turning', () => {
    expect(
      raster(
        [
          [-9, -9],
          [-9, 99],
          [2.5, 99],
          [2.5, -9],
        ],
        4,
        2,
      ),
    ).toEqual(['11..', '11..']);
    expect(
      raster(
        [
          [10, 10],
          [12, 10],
          [12, 12],
        ],
        4,
        2,
      ),
    ).toEqual(['....', '....']);
  });

  it('takes the same pixels as counting the edges left of each centre, for rings of any kind', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 200; round++) {
      const [width, height] = [1 + Math.floor(random() * 20), 1 + Math.floor(random() * 20)];
      const corner = () => [(random() * 2 - 0.5) * width, Math.round((random() * 2 - 0.5) * height * 2) / 2] as const;
      const ring: Ring = Array.from({ length: 3 + Math.floor(random() * 12) }, corner);
      const edges = ring.map((end, i) => [ring.at(i - 1)!, end] as const);
      const isInside = (x: number, y: number) =>
        edges.filter(([[x0, y0], [x1, y1]]) => y0 <= y !== y1 <= y && x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) <= x).length % 2;
      const expected = Array.from({ length: width * height }, (_, i) => isInside((i % width) + 0.5, Math.floor(i / width) + 0.5));
      expect([...filledPolygon(ring, width, height)]).toEqual(expected);
    }
  });

  it('takes 200,000 corners, and refuses edges that go up and down without end', () => {
    const [count, side] = [200_000, 512];
    const at = (i: number) => 2 * Math.PI * (i / count);
    const ring: Ring = Array.from({ length: count }, (_, i) => [256 + 250 * Math.cos(at(i)), 256 + 250 * Math.sin(at(i))]);
    const area = filledPolygon(ring, side, side).reduce((sum, set) => sum + set, 0);
    expect(Math.abs(area - Math.PI * 250 ** 2)).toBeLessThan(250);
    const comb: Ring = Array.from({ length: 1_000_000 }, (_, i) => [i / 2000, i % 2 === 0 ? 0 : side]);
    expect(() => filledPolygon(comb, side, side)).toThrow('cross the rows of the picture 512000000 times');
  });

  it('costs the rows that it is in, whatever the size of the picture', () => {
    const [x, y] = [3_000.2, 2_000.7];
    const { start, mask } = rasterizePolygon(
      [
        [x, y],
        [x + 3, y],
        [x + 3, y + 2],
        [x, y + 2],
      ],
      4_096,
      4_096,
    );
    expect([start, mask.length]).toEqual([2_001 * 4_096, 2 * 4_096]);
    expect([...mask.keys()].filter((pixel) => mask[pixel] === 1)).toEqual([3_000, 3_001, 3_002, 7_096, 7_097, 7_098]);
    const outside = rasterizePolygon(
      [
        [x, -5],
        [x + 3, -5],
        [x, -2],
      ],
      4_096,
      4_096,
    );
    expect(outside.mask).toHaveLength(0);
  });

  it('puts every pixel of a picture cut along a line into exactly one of the two parts', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 100; round++) {
      const a = Math.floor(random() * 41) / 2;
      const b = Math.floor(random() * 41) / 2;
      const left = filledPolygon(
        [
          [0, 0],
          [a, 0],
          [b, 20],
          [0, 20],
        ],
        20,
        20,
      );
      const right = filledPolygon(
        [
          [a, 0],
          [20, 0],
          [20, 20],
          [b, 20],
        ],
        20,
        20,
      );
      for (let i = 0; i < 400; i++) expect(left[i]! + right[i]!).toBe(1);
    }
  });
});

describe('connectedComponents', () => {
  it('separates pieces that touch by a corner only, and numbers them in reading order', () => {
    const { ids, components } = connectedComponents(drawn('11..1', '1.1.1', '111.1', '...11'));
    expect(components).toEqual([
      { label: 1, pixels: 7, first: 0 },
      { label: 0, pixels: 4, first: 2 },
      { label: 1, pixels: 5, first: 4 },
      { label: 0, pixels: 1, first: 6 },
      { label: 0, pixels: 3, first: 15 },
    ]);
    expect([...ids]).toEqual([0, 0, 1, 1, 2, 0, 3, 0, 1, 2, 0, 0, 0, 1, 2, 4, 4, 4, 2, 2]);
  });

  it('agrees with a flood fill on random maps', () => {
    for (let seed = 0; seed < 40; seed++) {
      const map = randomMap(seed, 23, 17, 3, 25);
      const { ids, components } = connectedComponents(map);
      const flooded = floodFill(map.data, map.width, map.height);
      expect([...ids]).toEqual(flooded);
      for (const [id, component] of components.entries()) {
        expect(component.first).toBe(flooded.indexOf(id));
        expect(component.label).toBe(map.data[component.first]);
        expect(component.pixels).toBe(flooded.filter((other) => other === id).length);
      }
    }
  });
});

describe('outerRing', () => {
  it('goes clockwise round a piece, with corners where it turns', () => {
    const map = drawn('....', '.11.', '.1..', '....');
    const pieces = connectedComponents(map);
    expect(outerRing(pieces, pieces.components[1]!, 4, 4)).toEqual([
      [1, 1],
      [3, 1],
      [3, 2],
      [2, 2],
      [2, 3],
      [1, 3],
    ]);
  });

  it('rasterises back to exactly the piece with its holes filled', () => {
    for (let seed = 0; seed < 15; seed++) {
      const map = randomMap(seed, 29, 21, 3, 30);
      const pieces = connectedComponents(map);
      for (const [id, component] of pieces.components.entries()) {
        const mask = filledPolygon(outerRing(pieces, component, 29, 21), 29, 21);
        expect(filledPolygon(bevelRing(outerRing(pieces, component, 29, 21)), 29, 21)).toEqual(mask);
        // Outside of a piece: what a flood from beyond the border reaches without crossing it.
        const walls = new Uint8Array(31 * 23);
        for (let i = 0; i < pieces.ids.length; i++)
          if (pieces.ids[i] === id) walls[(Math.floor(i / 29) + 1) * 31 + (i % 29) + 1] = 1;
        const outside = floodFill(walls, 31, 23, true);
        for (let i = 0; i < mask.length; i++)
          expect(mask[i]).toBe(outside[(Math.floor(i / 29) + 1) * 31 + (i % 29) + 1] === 0 ? 0 : 1);
      }
    }
  });
});

describe('simplifyRing', () => {
  it('drops the corners of a staircase and keeps those of the shape', () => {
    const stairs: Ring = [
      [0, 0],
      [10, 0],
      [10, 10],
      [9, 10],
      [9, 9],
      [8, 9],
      [8, 8],
      [7, 8],
      [7, 7],
      [6, 7],
      [6, 6],
      [0, 6],
    ];
    const simple = simplifyRing(stairs, 0.75);
    expect(simple.length).toBeLessThan(8);
    expect(simple).toEqual(
      expect.arrayContaining([
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 6],
      ]),
    );
    expect(simplifyRing(stairs, 0)).toEqual(stairs);
  });

  it('never leaves fewer than three corners', () => {
    expect(
      simplifyRing(
        [
          [0, 0],
          [1, 0],
          [2, 0],
          [2, 1],
          [1, 1],
          [0, 1],
        ],
        50,
      ).length,
    ).toBeGreaterThanOrEqual(3);
  });
});

describe('resizeLabelMap', () => {
  it('takes the label under each centre', () => {
    expect(asText(resizeLabelMap(drawn('12', '34'), 4, 4))).toEqual(['1122', '1122', '3344', '3344']);
    expect(asText(resizeLabelMap(drawn('1122', '1122', '3344', '3344'), 2, 2))).toEqual(['12', '34']);
    expect(asText(resizeLabelMap(drawn('123'), 5, 2))).toEqual(['11233', '11233']);
  });
});

/** Component numbers by flood fill, in order of first pixels; `diagonal` joins pixels that touch by a corner too. */
function floodFill(data: Uint8Array, width: number, height: number, diagonal = false): number[] {
  const ids: number[] = new Array(data.length).fill(-1);
  let next = 0;
  for (let start = 0; start < data.length; start++) {
    if (ids[start] !== -1) continue;
    const stack = [start];
    ids[start] = next;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = Math.floor(at / width);
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (!diagonal && dx !== 0 && dy !== 0) continue;
          const other = (y + dy) * width + x + dx;
          if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
          if (ids[other] !== -1 || data[other] !== data[start]) continue;
          ids[other] = next;
          stack.push(other);
        }
      }
    }
    next++;
  }
  return ids;
}
