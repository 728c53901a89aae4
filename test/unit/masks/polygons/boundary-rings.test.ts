import { expect, test } from 'vitest';
import { connectedComponents } from '../../../../src/masks/components.ts';
import type { LabelMap } from '../../../../src/masks/label-map.ts';
import { boundaryRings } from '../../../../src/masks/polygons/boundary-rings.ts';
import { innerContour } from '../../../../src/masks/polygons/inner-contour.ts';
import { keyholePolygon } from '../../../../src/masks/polygons/keyhole-polygon.ts';
import { outerRing } from '../../../../src/masks/polygons/outer-ring.ts';
import { renderPortrait } from '../../../../src/stylegan/portraits/render.ts';
import { filledPolygon } from '../../../support/filled-polygon.ts';

function mapOf(rows: readonly string[]): LabelMap {
  return { width: rows[0]!.length, height: rows.length, data: Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0)) };
}

/** Pieces with holes, holes that touch the outside and one another by a corner only, and a piece in a hole. */
const SHAPES = mapOf([
  '.............',
  '.#########...',
  '.#.##....#.#.',
  '.#..#.##.###.',
  '.##.#.#..#.#.',
  '.#.##....##..',
  '.########.#..',
  '..#.....##...',
  '.##.##.......',
]);

const MAPS: LabelMap[] = [SHAPES, ...[1, 2, 3].map((seed) => renderPortrait(seed).mask)];

function pixelsOf(ids: Uint32Array, id: number): Uint8Array {
  return Uint8Array.from(ids, (own) => (own === id ? 1 : 0));
}

test.each(MAPS.map((map, i) => [i, map] as const))('boundaries enclose exactly the pixels of each piece (map %i)', (_i, map) => {
  const { width, height } = map;
  const pieces = connectedComponents(map);
  const rings = boundaryRings(pieces, width, height);
  let holes = 0;
  for (const [id, component] of pieces.components.entries()) {
    const expected = pixelsOf(pieces.ids, id);
    expect(rings[id]![0]).toEqual(outerRing(pieces, component, width, height));
    const inside = new Uint8Array(width * height);
    for (const ring of rings[id]!) for (const [pixel, set] of filledPolygon(ring, width, height).entries()) inside[pixel]! ^= set;
    expect(inside).toEqual(expected);
    const contours = rings[id]!.map(innerContour);
    for (const [x, y] of contours.flat()) expect(expected[Math.floor(y) * width + Math.floor(x)]).toBe(1);
    expect(filledPolygon(keyholePolygon(contours), width, height)).toEqual(expected);
    holes += rings[id]!.length - 1;
  }
  expect(holes).toBeGreaterThan(0);
});
