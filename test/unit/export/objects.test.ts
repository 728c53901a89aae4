import { describe, expect, it } from 'vitest';
import { cocoInstances } from '../../../src/export/formats/coco.ts';
import { panopticSegments } from '../../../src/export/formats/coco-panoptic.ts';
import { vocPieces } from '../../../src/export/formats/voc.ts';
import { yoloRows } from '../../../src/export/formats/yolo-seg.ts';
import { connectedComponents } from '../../../src/masks/components.ts';
import { decodeObjectMap, encodeObjectMap } from '../../../src/masks/object-map.ts';
import { decodeIndexPng, encodeIndexPng } from '../../../src/masks/png/png.ts';
import { joinedPolygon } from '../../../src/masks/polygons/joined-polygon.ts';
import { outerRing } from '../../../src/masks/polygons/outer-ring.ts';
import type { Ring } from '../../../src/masks/polygons/polygon-raster.ts';
import { filledPolygon } from '../../support/filled-polygon.ts';
import { asText, drawn, randomMap } from '../masks/shapes.ts';

// Two cells that touch (1, 2), one in two pieces (3), a leaf with a hole (4) and one inside it that nobody may have (0, unknown).
const LABELS = ['111222..3', '111222...', '......333', '44444...?', '4...4..?.', '44444....'];
const map = drawn(...LABELS.map((row) => row.replaceAll(/[123]/g, '1').replaceAll('4', '2')));
const WIDTH = map.width;
const objects = encodeObjectMap(Uint32Array.from(LABELS.join(''), (text) => Number.parseInt(text, 10) * 70_000 || 0));
const input = async () => ({ mask: await encodeIndexPng(map), objects });

describe('objects that a mask comes with', () => {
  it('are the instances of COCO, touching or in pieces', async () => {
    const instances = await cocoInstances(await input());
    expect(instances.map(({ category_id, area, bbox }) => [category_id, area, bbox])).toEqual([
      [1, 6, [0, 0, 3, 2]],
      [1, 6, [3, 0, 3, 2]],
      [1, 4, [6, 0, 3, 3]],
      [2, 12, [0, 3, 5, 3]],
    ]);
    const pieces = await cocoInstances({ mask: await encodeIndexPng(map) });
    expect(pieces.map(({ category_id, area }) => [category_id, area])).toEqual([
      [1, 12],
      [1, 1],
      [1, 3],
      [2, 12],
    ]);
  });

  it('are the segments of COCO panoptic; the background is one, what is unknown is none', async () => {
    const { segments } = await panopticSegments({ ...(await input()), background: 3 });
    expect(segments.map(({ category_id, area }) => [category_id, area])).toEqual([
      [3, map.data.length - 28 - 2],
      [1, 6],
      [1, 6],
      [1, 4],
      [2, 12],
    ]);
  });

  it('are the numbers in the object mask of Pascal VOC', async () => {
    const { objectMask, objects: found } = await vocPieces(await input());
    expect(asText(await decodeIndexPng(objectMask))).toEqual(LABELS);
    expect(found.map(({ label, box }) => [label, box[2]])).toEqual([
      [1, 3],
      [1, 3],
      [1, 3],
      [2, 5],
    ]);
  });

  it('are the polygons of YOLO, one each, which enclose exactly their pixels', async () => {
    const rows = (await yoloRows(await input())).trimEnd().split('\n');
    const read = rows.map((row) => {
      const [label, ...numbers] = row.split(' ').map(Number);
      const ring: Ring = Array.from({ length: numbers.length / 2 }, (_, i) => [
        numbers[2 * i]! * WIDTH,
        numbers[2 * i + 1]! * map.height,
      ]);
      return { label, data: filledPolygon(ring, WIDTH, map.height) };
    });
    expect(read.map(({ label }) => label)).toEqual([0, 0, 0, 1]);
    for (const [i, { data }] of read.entries())
      expect(asText({ width: WIDTH, height: map.height, data })).toEqual(
        LABELS.map((row) => [...row].map((text) => (text === String(i + 1) ? '1' : '.')).join('')),
      );
  });

  it('are refused when they are not of the size of the mask', () => {
    expect([...decodeObjectMap(objects, map.data.length)].slice(0, 4)).toEqual([70_000, 70_000, 70_000, 140_000]);
    expect(() => decodeObjectMap(objects, map.data.length - 1)).toThrow('Not an object map of');
    expect(() => decodeObjectMap(objects, map.data.length + 1)).toThrow('Not an object map of');
  });
});

describe('joinedPolygon', () => {
  it('encloses what its polygons enclose', () => {
    for (let seed = 0; seed < 20; seed++) {
      const noise = randomMap(seed, 29, 21, 2, 25);
      const pieces = connectedComponents(noise);
      const rings = pieces.components
        .filter(({ label, first }) => label === 1 && first > 0)
        .map((piece) => outerRing(pieces, piece, 29, 21));
      const each = rings.map((ring) => filledPolygon(ring, 29, 21));
      const together = noise.data.map((_, pixel) => each.reduce((sum, mask) => sum + mask[pixel]!, 0) % 2);
      expect([...filledPolygon(joinedPolygon(rings), 29, 21)]).toEqual([...together]);
    }
    expect(joinedPolygon([])).toEqual([]);
  });
});
