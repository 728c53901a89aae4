import { decode, encode } from '@thi.ng/rle-pack';
import { describe, expect, it } from 'vitest';
import type { LabelMap } from '../../../src/masks/label-map.ts';
import { decodeBrushRle, encodeBrushRles } from '../../../src/masks/rle/brush-rle.ts';
import { seededRandom } from './random.ts';
import { randomMap, rgbaOf } from './shapes.ts';

const reference = (map: LabelMap, label: number) => {
  const rgba = rgbaOf(map, label);
  return new Uint8Array(encode(rgba, rgba.length));
};
const rleOf = (map: LabelMap, label: number) => encodeBrushRles(map).get(label)!;
const mapOf = (width: number, height: number, data: ArrayLike<number>): LabelMap => ({
  width,
  height,
  data: Uint8Array.from(data),
});

function expectSameBytes(map: LabelMap): void {
  const labels = new Set(map.data);
  const all = encodeBrushRles(map);
  expect([...all.keys()]).toEqual([...labels].sort((a, b) => a - b));
  for (const label of labels) {
    const expected = reference(map, label);
    expect(Buffer.compare(all.get(label)!, expected), `label ${label} of ${map.width}x${map.height}`).toBe(0);
    const { alpha, pixels } = decodeBrushRle([...expected], map.data.length);
    expect(pixels).toBe(map.data.length);
    expect(
      Buffer.compare(
        alpha,
        map.data.map((value) => (value === label ? 255 : 0)),
      ),
    ).toBe(0);
  }
}

describe('encodeBrushRles', () => {
  it('writes the bytes worked out by hand for one set pixel', () => {
    // N = 4: 00000000 00000000 00000000 00000100 | 00111 0010 0011 0111 1111 | run 1, size 00, length-1 011, word 11111111 | padding
    // 00111001 00011011 11111 1 00 | 011 11111 | 111 00000
    expect([...rleOf(mapOf(1, 1, [1]), 1)]).toEqual([0, 0, 0, 4, 0x39, 0x1b, 0xfc, 0x7f, 0xe0]);
  });

  it('is byte-identical to @thi.ng/rle-pack on small pictures of every pattern', () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [1, 3],
      [2, 2],
      [3, 3],
    ] as const) {
      const pixels = width * height;
      for (let pattern = 0; pattern < 1 << pixels; pattern++) {
        expectSameBytes(
          mapOf(
            width,
            height,
            Array.from({ length: pixels }, (_, i) => (pattern >> i) & 1),
          ),
        );
      }
    }
  });

  it('is byte-identical at every run length around each size of the length field and the longest run', () => {
    const edges = [1, 2, 3, 4, 5, 63, 64, 65, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 49_153];
    for (const run of edges) {
      for (const before of [0, 1, 64, 16_385]) {
        for (const after of [0, 1]) {
          const data = new Uint8Array(before + run + after);
          data.fill(7, before, before + run);
          expectSameBytes({ width: data.length, height: 1, data });
        }
      }
    }
  });

  it('is byte-identical on random maps of many sizes, classes and densities', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 300; round++) {
      const width = 1 + Math.floor(random() * 70);
      const height = 1 + Math.floor(random() * 70);
      expectSameBytes(randomMap(round, width, height, 1 + Math.floor(random() * 12), Math.floor(random() * 20)));
    }
    for (let round = 0; round < 60; round++) {
      const width = 1 + Math.floor(random() * 40);
      const height = 1 + Math.floor(random() * 40);
      const classes = 1 + Math.floor(random() * 255);
      expectSameBytes(
        mapOf(
          width,
          height,
          Array.from({ length: width * height }, () => Math.floor(random() * classes)),
        ),
      );
    }
    for (const [seed, side] of [
      [1, 255],
      [2, 256],
      [3, 512],
    ] as const)
      expectSameBytes(randomMap(seed, side, side, 11, 60));
  });

  it('is byte-identical when the map is a view at an odd offset of a larger buffer', () => {
    const { width, height, data } = randomMap(5, 61, 37, 5, 20);
    for (const offset of [1, 2, 3]) {
      const buffer = new Uint8Array(data.length + offset).fill(9);
      buffer.set(data, offset);
      expectSameBytes({ width, height, data: buffer.subarray(offset) });
    }
  });

  it('has no mask of a label that does not occur', () => {
    expect([...encodeBrushRles(mapOf(300, 300, new Uint8Array(90_000))).keys()]).toEqual([0]);
  });
});

describe('decodeBrushRle', () => {
  it('decodes anti-aliased strokes and literal blocks as @thi.ng/rle-pack wrote them', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round++) {
      const pixels = 1 + Math.floor(random() * 400);
      const rgba = new Uint8Array(pixels * 4);
      const equalChannels = round % 2 === 0;
      let value = 0;
      for (let i = 0; i < rgba.length; i++) {
        if (random() < 0.4 && (!equalChannels || i % 4 === 0)) value = Math.floor(random() * 256);
        rgba[i] = value;
      }
      const packed = new Uint8Array(encode(rgba, rgba.length));
      expect([...decode(packed)]).toEqual([...rgba]);
      expect([...decodeBrushRle(packed, pixels).alpha]).toEqual(Array.from({ length: pixels }, (_, i) => rgba[i * 4 + 3]));
    }
  });

  it('decodes with other length sizes than the usual ones, and ignores a byte appended at the end', () => {
    const rgba = rgbaOf(randomMap(3, 40, 30, 3, 9), 1);
    const packed = new Uint8Array([...encode(rgba, rgba.length, 8, [1, 5, 9, 12]), 0]);
    expect([...decodeBrushRle(packed).alpha]).toEqual(Array.from({ length: 1200 }, (_, i) => rgba[i * 4 + 3]));
  });

  const good = [...rleOf(randomMap(11, 64, 64, 4, 12), 2)];
  it.each([
    ['nothing', [], /0 bytes, too few/],
    ['a header only', good.slice(0, 7), /truncated/],
    ['a truncated mask', good.slice(0, -3), /truncated/],
    ['another size', rleOf(mapOf(64, 63, new Uint8Array(4032)), 0), /covers 4032 pixels, but the picture has 4096/],
    ['a string among the bytes', [...good.slice(0, 9), '1', ...good.slice(10)], /values that are not bytes/],
    ['a value of 256', [...good.slice(0, 9), 256, ...good.slice(10)], /values that are not bytes/],
    ['a fraction', [...good.slice(0, 9), 1.5, ...good.slice(10)], /values that are not bytes/],
    ['words of 16 bits', [...encode(new Uint16Array(8), 8, 16)], /not the RLE of an RGBA picture/],
    ['a length that is no multiple of four', [...encode(new Uint8Array(10), 10)], /not the RLE of an RGBA picture/],
    ['a run past the end', [...encode(new Uint8Array(16_400), 16_400)].with(2, 0x40).with(3, 0), /longer than its header says/],
  ] as [string, Uint8Array | unknown[], RegExp][])('refuses %s', (_, rle, message) => {
    const expected =
      message.source.includes('covers') || message.source.includes('truncated') || message.source.includes('bytes')
        ? 4096
        : undefined;
    expect(() => decodeBrushRle(rle, expected)).toThrow(
      expect.objectContaining({ code: 'bad-annotation', message: expect.stringMatching(message) }),
    );
  });

  it('does not reserve memory for a header that claims more than the data can hold', () => {
    expect(() => decodeBrushRle([0xff, 0xff, 0xff, 0xfc, 0x39, 0x1b, 0xff, 0xff, 0xff, 0, 0])).toThrow(/truncated/);
  });

  it('never fails in another way than bad-annotation on damaged bytes', () => {
    const random = seededRandom(99);
    for (let round = 0; round < 3000; round++) {
      const damaged = [...good];
      for (let i = 0; i < 3; i++) damaged[4 + Math.floor(random() * (damaged.length - 4))] = Math.floor(random() * 256);
      try {
        expect(decodeBrushRle(damaged, 4096).alpha.length).toBe(4096);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-annotation' });
      }
    }
  });
});
