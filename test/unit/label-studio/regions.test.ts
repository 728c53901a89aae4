import { readFileSync } from 'node:fs';
import { encode } from '@thi.ng/rle-pack';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { labelMapOfRegions } from '../../../src/label-studio/regions/label-map-of-regions.ts';
import { versionOfRegions } from '../../../src/label-studio/regions/region.ts';
import { regionsOfLabelMap } from '../../../src/label-studio/regions/regions-of-label-map.ts';
import type { LabelMap } from '../../../src/masks/label-map.ts';
import { labelMapOfResult } from '../../support/label-map-of-result.ts';
import { asText, drawn, randomMap, rgbaOf } from '../masks/shapes.ts';

const configOf = (control: string, ...labels: string[]) =>
  parseLabelConfig(
    `<View><Image name="image" value="$image"/><${control} name="parts" toName="image">${labels.map((l) => `<Label value="${l}"/>`).join('')}</${control}></View>`,
  );
const dense = configOf('BrushLabels', 'face', 'hair', 'eye');
const sparse = configOf('BrushLabels', 'face', 'Background', 'hair', 'eye');
const polygons = configOf('PolygonLabels', 'face', 'hair', 'eye');
const bitmasks = configOf('BitmaskLabels', 'face', 'hair', 'eye');
const version = 'dg-0123456789ab';

/** A brush region as Label Studio's editor writes it: where the drawing has a '1'. */
function brush(label: string, ...rows: string[]): object {
  const map = drawn(...rows);
  const rgba = rgbaOf(map, 1);
  return {
    id: `r${Math.abs(rows.join().length)}${label}`,
    type: 'brushlabels',
    from_name: 'parts',
    to_name: 'image',
    origin: 'manual',
    original_width: map.width,
    original_height: map.height,
    image_rotation: 0,
    value: { format: 'rle', rle: Array.from(encode(rgba, rgba.length)), brushlabels: [label] },
  };
}
const polygon = (label: string, points: unknown) => ({
  type: 'polygonlabels',
  to_name: 'image',
  value: { points, closed: true, polygonlabels: [label] },
});

async function decoded(
  result: unknown,
  config = dense,
  width = 4,
  height = 2,
  reference?: Parameters<typeof labelMapOfResult>[4],
) {
  return asText((await labelMapOfResult(result, config, width, height, reference)).map);
}

describe('regionsOfLabelMap', () => {
  it('makes one brush region per label with every key that the editor reads', () => {
    const map = drawn('..11', '2211');
    const regions = regionsOfLabelMap(dense, map, { version });
    expect(regions.map(({ value }) => 'brushlabels' in value && value.brushlabels)).toEqual([['face'], ['hair']]);
    expect(regions[1]).toEqual({
      id: `${version}.2`,
      from_name: 'parts',
      to_name: 'image',
      type: 'brushlabels',
      origin: 'prediction',
      original_width: 4,
      original_height: 2,
      image_rotation: 0,
      value: { format: 'rle', rle: Array.from(encode(rgbaOf(map, 2), 32)), brushlabels: ['hair'] },
    });
    expect(JSON.parse(JSON.stringify(regions))).toEqual(regions);
  });

  it('shows the background where the config has it as a label, and never unknown pixels', () => {
    const labels = (config = dense) => regionsOfLabelMap(config, drawn('..1?'), { version }).map(({ id }) => id);
    expect(labels(dense)).toEqual([`${version}.1`]);
    expect(labels(sparse)).toEqual([`${version}.0`, `${version}.1`]);
  });

  it('scales a map to the size of the picture', async () => {
    const regions = regionsOfLabelMap(dense, drawn('12', '.3'), { version, width: 4, height: 4 });
    expect(regions[0]).toMatchObject({ original_width: 4, original_height: 4 });
    expect(await decoded(regions, dense, 4, 4)).toEqual(['1122', '1122', '..33', '..33']);
  });

  it.each([dense, sparse])('gives the same map back', async (config) => {
    for (let seed = 0; seed < 20; seed++) {
      const map = randomMap(seed, 31, 27, 4, 20);
      const back = await labelMapOfResult(regionsOfLabelMap(config, map, { version }), config, 31, 27);
      expect(back.map).toEqual(map);
      expect(back.notes).toEqual([]);
    }
  });

  it('carries its version in the ids, for the day its row is gone', () => {
    expect(versionOfRegions(regionsOfLabelMap(dense, drawn('1.'), { version }))).toBe(version);
    expect(versionOfRegions(regionsOfLabelMap(polygons, randomMap(1, 40, 40, 4, 9), { version }))).toBe(version);
    expect(versionOfRegions([{ type: 'relation' }, brush('face', '1.')])).toBeNull();
    expect(versionOfRegions(null)).toBeNull();
  });

  it('draws each label with the control that has it; masks come after polygons, so that these cover none', async () => {
    const config = parseLabelConfig(
      `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image"><Label value="face"/></BrushLabels>
        <PolygonLabels name="outlines" toName="image"><Label value="hair"/></PolygonLabels>
        <BrushLabels name="defects" toName="image"><Label value="scratch"/></BrushLabels>
        <BitmaskLabels name="bits" toName="image"><Label value="eye"/></BitmaskLabels></View>`,
    );
    const square = ['222222', '213332', '214442', '211112', '222222', '222222'];
    const regions = regionsOfLabelMap(config, drawn(...square), { version });
    expect(regions.map(({ type, from_name, id }) => [type, from_name, id])).toEqual([
      ['polygonlabels', 'outlines', `${version}.2.0`],
      ['bitmasklabels', 'bits', `${version}.4`],
      ['brushlabels', 'parts', `${version}.1`],
      ['brushlabels', 'defects', `${version}.3`],
    ]);
    expect(await decoded(regions, config, 6, 6)).toEqual(square);
    expect(await decoded(regions, config, 6, 6, drawn(...square))).toEqual(square);
  });

  describe('with polygons only', () => {
    it('nests: what lies inside another piece comes after it', async () => {
      const map = drawn(...Array.from({ length: 24 }, (_, y) => Array.from({ length: 24 }, (_, x) => nested(x, y)).join('')));
      const regions = regionsOfLabelMap(polygons, map, { version });
      expect(regions.map(({ value }) => 'polygonlabels' in value && value.polygonlabels[0])).toEqual([
        'hair',
        'face',
        'eye',
        'eye',
      ]);
      expect(await decoded(regions, polygons, 24, 24)).toEqual(asText(map));
    });

    it('loses little on round shapes: 0.7 px at the edges, specks, and enclosed background', async () => {
      const map = portrait(256);
      const regions = regionsOfLabelMap(polygons, map, { version });
      const { map: back } = await labelMapOfResult(regions, polygons, 256, 256);
      const wrong = back.data.reduce((count, label, i) => count + (label === map.data[i] ? 0 : 1), 0);
      expect(wrong / back.data.length).toBeLessThan(0.003);
      const corners = regions.reduce((sum, { value }) => sum + ('points' in value ? value.points.length : 0), 0);
      expect(corners).toBeLessThan(140);
    });
  });
});

/** Hair round a face with two eyes, in boxes. */
function nested(x: number, y: number): string {
  const box = (x0: number, y0: number, x1: number, y1: number) => x >= x0 && x < x1 && y >= y0 && y < y1;
  if (box(8, 8, 11, 10) || box(14, 8, 17, 10)) return '3';
  if (box(5, 5, 19, 20)) return '1';
  return box(2, 1, 22, 23) ? '2' : '.';
}

function portrait(side: number): LabelMap {
  const data = new Uint8Array(side * side);
  const disc = (cx: number, cy: number, rx: number, ry: number, label: number) => {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++)
        if (((x + 0.5 - cx * side) / rx / side) ** 2 + ((y + 0.5 - cy * side) / ry / side) ** 2 <= 1) data[y * side + x] = label;
    }
  };
  disc(0.5, 0.45, 0.36, 0.4, 2);
  disc(0.5, 0.5, 0.26, 0.33, 1);
  disc(0.4, 0.45, 0.05, 0.03, 3);
  disc(0.6, 0.45, 0.05, 0.03, 3);
  return { width: side, height: side, data };
}

describe('labelMapOfRegions', () => {
  it('takes unlabelled pixels as background, or as unknown in a sparse config', async () => {
    const result = [brush('hair', '1...', '11..')];
    expect(await decoded(result, dense)).toEqual(['2...', '22..']);
    expect(await decoded(result, sparse)).toEqual(['2???', '22??']);
    expect(await decoded([], dense)).toEqual(['....', '....']);
    expect(await decoded(null, sparse)).toEqual(['????', '????']);
    expect(await decoded([brush('Background', '11..', '....')], sparse)).toEqual(['..??', '????']);
  });

  describe('where regions overlap', () => {
    const face = brush('face', '.111', '.111');
    const hair = brush('hair', '..11', '....');

    it('without a prediction the later region wins', async () => {
      expect(await decoded([face, hair])).toEqual(['.122', '.111']);
      expect(await decoded([hair, face])).toEqual(['.111', '.111']);
    });

    it('hair painted over a predicted face is hair, in both orders', async () => {
      const predicted = drawn('.111', '.111');
      for (const result of [
        [face, hair],
        [hair, face],
      ]) {
        expect(await decoded(result, dense, 4, 2, predicted)).toEqual(['.122', '.111']);
        expect(await decoded(result, dense, 4, 2, [brush('face', '.111', '.111')])).toEqual(['.122', '.111']);
      }
    });

    it('hair that was predicted stays where face was painted elsewhere', async () => {
      const predicted = drawn('.122', '.1..');
      // Face was extended to the right in the lower row and over one hair pixel.
      const wider = brush('face', '.11.', '.111');
      const untouched = brush('hair', '..11', '....');
      for (const result of [
        [wider, untouched],
        [untouched, wider],
      ]) {
        expect(await decoded(result, dense, 4, 2, predicted)).toEqual(['.112', '.111']);
      }
    });

    it('what was erased is background, or unknown in a sparse config', async () => {
      const predicted = drawn('.111', '.111');
      const erased = brush('face', '.1..', '.111');
      expect(await decoded([erased], dense, 4, 2, predicted)).toEqual(['.1..', '.111']);
      expect(await decoded([brush('Background', '1...', '1...'), erased], sparse, 4, 2, predicted)).toEqual(['.1??', '.111']);
    });

    it('background painted over a predicted part is background (sparse)', async () => {
      const predicted = drawn('.111', '.111');
      const background = brush('Background', '1..1', '1...');
      for (const result of [
        [background, face],
        [face, background],
      ]) {
        expect(await decoded(result, sparse, 4, 2, predicted)).toEqual(['.11.', '.111']);
      }
    });

    it('of two labels added to one pixel the later wins; of two that were there before, too', async () => {
      const predicted = drawn('1111', '1111');
      const eye = brush('eye', '.1..', '....');
      const hairToo = brush('hair', '.1..', '....');
      const all = brush('face', '1111', '1111');
      expect(await decoded([eye, hairToo, all], dense, 4, 2, predicted)).toEqual(['1211', '1111']);
      expect(await decoded([hairToo, eye, all], dense, 4, 2, predicted)).toEqual(['1311', '1111']);
      const both = [brush('face', '11..', '....'), brush('hair', '.11.', '....')];
      expect(await decoded(both, dense, 4, 2, both)).toEqual(['122.', '....']);
    });

    it('an unchanged prediction decodes to itself, polygons that cover others included', async () => {
      const map = portrait(64);
      const regions = regionsOfLabelMap(polygons, map, { version });
      const alone = (await labelMapOfResult(regions, polygons, 64, 64)).map;
      expect((await labelMapOfResult(regions, polygons, 64, 64, map)).map).toEqual(alone);
      expect((await labelMapOfResult(regions, polygons, 64, 64, regions)).map).toEqual(alone);
      expect(alone.data[Math.floor(0.45 * 64) * 64 + Math.floor(0.4 * 64)]).toBe(3);
    });

    it('takes a reference of another size', async () => {
      const predicted = drawn('.1');
      expect(await decoded([hair, face], dense, 4, 2, predicted)).toEqual(
        ['.122', '.111'].map((row, y) => (y === 0 ? '.122' : row)),
      );
    });
  });

  it('reads a correction as the editor of Label Studio 1.23.2 saved it: hair painted across the chin of a predicted face', async () => {
    const file = new URL('../../fixtures/label-studio/corrected-prediction.json', import.meta.url);
    const { result } = JSON.parse(readFileSync(file, 'utf8')) as { result: { value: { brushlabels: string[] } }[] };
    const predicted = portrait(256);
    expect(versionOfRegions(result)).toBe(version);
    expect(result.map(({ value }) => value.brushlabels[0])).toEqual(['face', 'hair', 'eye']);
    for (const regions of [result, [...result].reverse()]) {
      const { map, notes } = await labelMapOfResult(regions, dense, 256, 256, predicted);
      const changed = [...map.data.keys()].filter((pixel) => map.data[pixel] !== predicted.data[pixel]);
      // A stroke of about 56 x 5 pixels with round ends, its middle at 60 % of the height.
      expect(changed).toHaveLength(276);
      for (const pixel of changed) {
        expect([predicted.data[pixel], map.data[pixel]]).toEqual([1, 2]);
        expect(Math.abs(Math.floor(pixel / 256) + 0.5 - 0.6 * 256)).toBeLessThan(3.5);
        expect(Math.abs((pixel % 256) + 0.5 - 128)).toBeLessThan(30);
      }
      expect(notes).toEqual([]);
    }
  });

  it('makes one bitmask per label where the config has BitmaskLabels, and reads the same map from them', async () => {
    const map = randomMap(3, 40, 30, 4, 25);
    const regions = regionsOfLabelMap(bitmasks, map, { version });
    expect(regions.map(({ id, type, value }) => [id, type, Object.keys(value)])).toEqual(
      [1, 2, 3].map((label) => [`${version}.${label}`, 'bitmasklabels', ['imageDataURL', 'bitmasklabels']]),
    );
    const read = await labelMapOfResult(JSON.parse(JSON.stringify(regions)), bitmasks, 40, 30);
    expect(asText(read.map)).toEqual(asText(map));
    expect(read.notes).toEqual([]);
    expect(versionOfRegions(regions)).toBe(version);
    // A picture of twice the size: every pixel four times.
    const large = regionsOfLabelMap(bitmasks, map, { version, width: 80, height: 60 });
    const { map: twice } = await labelMapOfResult(large, bitmasks, 80, 60);
    expect(Array.from(map.data, (_, i) => twice.data[2 * (i % 40) + 160 * Math.floor(i / 40)])).toEqual([...map.data]);
  });

  it('reads polygons in per cent and bitmasks beside brushes', async () => {
    const png = await sharp(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(16)]), {
      raw: { width: 4, height: 2, channels: 4 },
    })
      .png()
      .toBuffer();
    const bitmask = {
      type: 'bitmasklabels',
      value: { imageDataURL: `data:image/png;base64,${png.toString('base64')}`, bitmasklabels: ['eye'] },
    };
    const square = polygon('face', [
      [0, 0],
      [50, 0],
      [50, 100],
      [0, 100],
    ]);
    expect(await decoded([square, bitmask, brush('hair', '...1', '...1')])).toEqual(['13.2', '11.2']);
  });

  it('sets a pixel from half coverage on: human strokes are anti-aliased', async () => {
    const rgba = Uint8Array.from([127, 128, 1, 255, 0, 0, 0, 0].flatMap((alpha) => [alpha, alpha, alpha, alpha]));
    const region = brush('face', '....', '....') as { value: { rle: number[] } };
    region.value.rle = Array.from(encode(rgba, rgba.length));
    expect(await decoded([region])).toEqual(['.1.1', '....']);
  });

  it('counts pixels of a label that is not in the config as unknown, and says so once', async () => {
    const result = [brush('beard', '11..', '....'), brush('beard', '..1.', '....'), brush('hair', '.1..', '....')];
    const { map, notes } = await labelMapOfResult(result, dense, 4, 2);
    expect(asText(map)).toEqual(['?2?.', '....']);
    expect(notes).toEqual(["the label 'beard' is not in the label config; its pixels count as unknown"]);
  });

  it('passes over relations, choices and texts, and notes boxes and regions of other images', async () => {
    const { map, notes } = await labelMapOfResult(
      [
        { type: 'relation', from_id: 'a', to_id: 'b', direction: 'right' },
        { type: 'choices', from_name: 'quality', to_name: 'image', value: { choices: ['good'] } },
        { type: 'rectanglelabels', to_name: 'image', value: { x: 1, y: 1, width: 9, height: 9, rectanglelabels: ['face'] } },
        { ...brush('face', '1111', '1111'), to_name: 'other' },
        polygon('face', [
          [0, 0],
          [50, 0],
        ]),
        {
          ...polygon('hair', [
            [50, 50],
            [100, 50],
            [100, 100],
            [50, 100],
          ]),
          value: {
            points: [
              [50, 50],
              [100, 50],
              [100, 100],
              [50, 100],
            ],
            polygonlabels: [],
          },
        },
        brush('eye', '1...', '....'),
      ],
      { ...dense, otherObjects: ['other'] },
      4,
      2,
    );
    expect(asText(map)).toEqual(['3...', '..??']);
    expect(notes).toEqual([
      "a region of type 'rectanglelabels' is not a mask",
      "a region on 'other' is not on 'image'",
      'region number 5 is ignored: a polygon with fewer than three points',
      'region number 6 has no label; its pixels count as unknown',
    ]);
  });

  it.each([
    [
      'another original size',
      { ...brush('face', '11', '11'), original_width: 512, original_height: 512 },
      /drawn on a picture of 512x512 pixels, but this one has 4x2/,
    ],
    [
      'a mask of another size',
      { ...brush('face', '11', '11'), original_width: 4, original_height: 2 },
      /covers 4 pixels, but the picture has 8/,
    ],
    ['an empty RLE', { type: 'brushlabels', value: { format: 'rle', rle: [], brushlabels: ['face'] } }, /0 bytes/],
    ['no RLE', { type: 'brushlabels', value: { touches: [], brushlabels: ['face'] } }, /no mask/],
    ['no points', { type: 'polygonlabels', value: { polygonlabels: ['face'] } }, /no points/],
    [
      'points that are none',
      polygon('face', [
        [0, 0],
        [1, 'a'],
        [2, 2],
      ]),
      /not a pair of numbers/,
    ],
  ])('passes over a region with %s, names it, and knows nothing about unpainted pixels', async (_, region, message) => {
    const face = brush('face', '1...', '....');
    const read = await labelMapOfResult([{ ...region, id: 'a7' }, face], dense, 4, 2);
    expect(asText(read.map)).toEqual(['1???', '????']);
    expect(read.lost).toBe(true);
    expect(read.notes).toEqual([expect.stringMatching(message)]);
    expect(read.notes[0]).toMatch(/^region a7 is ignored: /);
  });

  describe('reads what Label Studio stores unchecked', () => {
    const hair = brush('hair', '.11.', '....') as { value: Record<string, unknown> };
    const half = [
      ['0', '0'],
      ['50', '0'],
      ['50', '100'],
      ['0', '100'],
    ];
    it.each<[string, object, string[]]>([
      ['a number as id', { ...hair, id: 55 }, ['.22.', '....']],
      ['no id', { ...hair, id: undefined }, ['.22.', '....']],
      ['sizes as texts', { ...hair, original_width: '4', original_height: '2' }, ['.22.', '....']],
      ['sizes that are none', { ...hair, original_width: null, original_height: {} }, ['.22.', '....']],
      ['no type', { ...hair, type: undefined }, ['.22.', '....']],
      ['a type in capitals', { ...hair, type: 'BrushLabels' }, ['.22.', '....']],
      ['a control that is not in the config', { ...hair, from_name: 'gone' }, ['.22.', '....']],
      ['no to_name', { ...hair, to_name: null }, ['.22.', '....']],
      ['a text for the list of labels', { ...hair, value: { ...hair.value, brushlabels: 'hair' } }, ['.22.', '....']],
      ['bytes as texts', { ...hair, value: { ...hair.value, rle: (hair.value.rle as number[]).map(String) } }, ['.22.', '....']],
      ['points as texts', polygon('face', half), ['11..', '11..']],
    ])('%s', async (_, region, rows) => {
      const read = await labelMapOfResult([region], dense, 4, 2);
      expect(asText(read.map)).toEqual(rows);
      expect(read).toMatchObject({ lost: false, notes: [] });
    });

    it.each<[string, unknown, string]>([
      ['null', null, 'region number 1 cannot be read: it is not a region'],
      ['a text', 'what', 'region number 1 cannot be read: it is not a region'],
      ['a list', [hair], 'region number 1 cannot be read: it is not a region'],
      ['no value', { ...hair, id: 3, value: null }, 'region 3 is ignored: The brush has no mask (rle).'],
      ['another kind of RLE', { ...hair, id: 3, value: { rle: { 0: 1 } } }, 'region 3 is ignored: The brush has no mask (rle).'],
      [
        'strokes of a draft',
        { id: 'd', value: { touches: [], brushlabels: ['hair'] } },
        'region d is ignored: The brush has no mask (rle).',
      ],
      [
        'bytes that are none',
        { ...hair, id: 3, value: { rle: ['1', 'x', 2, 3, 4, 5, 6, 7] } },
        'region 3 is ignored: The brush mask has values that are not bytes.',
      ],
    ])('but not %s: it is named, and unpainted pixels are unknown', async (_, region, note) => {
      const read = await labelMapOfResult([region, brush('face', '1...', '....')], dense, 4, 2);
      expect(asText(read.map)).toEqual(['1???', '????']);
      expect(read).toMatchObject({ lost: true, notes: [note] });
    });

    it('a few lines of notes stand for many', async () => {
      const { notes } = await labelMapOfResult(
        Array.from({ length: 500 }, () => null),
        dense,
        4,
        2,
      );
      expect(notes).toHaveLength(21);
      expect(notes.at(-1)).toBe('480 more of this kind');
    });
  });

  it('reads a region on something that the label config does not have as one on its Image', async () => {
    const read = await labelMapOfResult([{ ...brush('hair', '.11.', '....'), id: 4, to_name: 'img' }], dense, 4, 2);
    expect(asText(read.map)).toEqual(['.22.', '....']);
    expect(read.notes).toEqual(["region 4 is on 'img', which is not in the label config; it counts as one on 'image'"]);
  });

  it('reads a shape and its label from two entries of one id (Brush and Labels), each choice of the region passed over', async () => {
    const { type: _, value, ...hair } = brush('hair', '.11.', '....') as { type: string; value: { rle: number[] } };
    const shape = { format: 'rle', rle: value.rle };
    const split = [
      { ...hair, id: 's', from_name: 'b', type: 'brush', value: shape },
      { ...hair, id: 's', from_name: 'sure', type: 'choices', value: { ...shape, choices: ['yes'] } },
      { ...hair, id: 's', from_name: 'parts', type: 'labels', value: { ...shape, labels: ['hair'] } },
    ];
    expect(await labelMapOfResult(split, dense, 4, 2)).toMatchObject({ lost: false, notes: [] });
    expect(await decoded(split)).toEqual(['.22.', '....']);
    expect(await decoded(split.toReversed())).toEqual(['.22.', '....']);
    const [unlabelled] = split;
    const read = await labelMapOfResult([unlabelled], dense, 4, 2);
    expect(asText(read.map)).toEqual(['.??.', '....']);
    expect(read.notes).toEqual(['region s has no label; its pixels count as unknown']);
  });

  it('a mask that is faint all over counts from half of its greatest alpha on', async () => {
    const rgba = Uint8Array.from([100, 100, 49, 50, 0, 0, 0, 0].flatMap((alpha) => [alpha, alpha, alpha, alpha]));
    const region = {
      ...brush('face', '....', '....'),
      id: 'f',
      value: { rle: Array.from(encode(rgba, rgba.length)), brushlabels: ['face'] },
    };
    const read = await labelMapOfResult([region], dense, 4, 2);
    expect(asText(read.map)).toEqual(['11.1', '....']);
    expect(read).toMatchObject({ lost: false, notes: ['region f is faint: pixels with an alpha of 50 or more count'] });
  });

  describe('polygons that reach out of the picture', () => {
    const box = (left: number, right: number) =>
      polygon('face', [
        [left, 0],
        [right, 0],
        [right, 100],
        [left, 100],
      ]);
    it('are cut off at its edge, and named when it is far', async () => {
      expect(await labelMapOfResult([box(50, 100.9)], dense, 4, 2)).toMatchObject({ notes: [] });
      const read = await labelMapOfResult([{ ...box(50, 9_000), id: 1 }], dense, 4, 2);
      expect(asText(read.map)).toEqual(['..11', '..11']);
      expect(read).toMatchObject({ lost: false, notes: ['region 1 extends beyond the picture: the part outside is ignored'] });
    });

    it.each([1e300, -1e300, 1e5, Number.NaN, Number.POSITIVE_INFINITY, '1e300'])('a point at %s is a mistake', async (far) => {
      const read = await labelMapOfResult([{ ...box(50, far as number), id: 1 }], dense, 4, 2);
      expect(asText(read.map)).toEqual(['????', '????']);
      expect(read).toMatchObject({
        lost: true,
        notes: [expect.stringMatching(/^region 1 is ignored: The polygon has a point (more than|that is)/)],
      });
    });
  });

  it('says which region each pixel belongs to', async () => {
    const result = [brush('face', '.11.', '....'), { type: 'choices', value: { choices: ['x'] } }, brush('face', '..11', '....')];
    const { regions, names, map } = await labelMapOfRegions(result, dense, 4, 2);
    expect([...regions]).toEqual([0, 1, 2, 2, 0, 0, 0, 0]);
    expect(names).toEqual(['', 'region r9face', 'region r9face']);
    expect(asText(map)).toEqual(['?111', '????']);
  });

  it('refuses a result that is not a list', async () => {
    await expect(labelMapOfRegions({ type: 'brushlabels' }, dense, 4, 2)).rejects.toMatchObject({ code: 'bad-annotation' });
  });
});
