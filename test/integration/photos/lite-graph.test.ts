import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/interpreter/learning/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { liteTensors } from '../../../src/photos/efficientnet-lite/lite-backbone.ts';
import { type LiteGraph, liteGraph } from '../../../src/photos/efficientnet-lite/lite-graph.ts';
import { PUBLISHED_BACKBONES } from '../../../src/photos/published-backbones.ts';
import { readPhoto } from '../../../src/photos/read-photo.ts';
import { carParts } from '../../bench/support/labelled-photos.ts';
import { has, WHEELS, wheelOf } from '../../support/needs.ts';
import { type Activations, referenceLogits, referenceStages } from '../../support/reference-efficientnet-lite.ts';
import { randomLite } from './support/random-lite.ts';

const REPEATS = [1, 2, 2, 1, 2, 2, 1];

function noise(height: number, width: number): Activations {
  const random = new Random(3, 'weights');
  return { channels: 3, height, width, data: Float64Array.from({ length: 3 * height * width }, () => random.normal()) };
}

async function stagesOf({ model, taps }: LiteGraph, { height, width, data }: Activations): Promise<Activations[]> {
  const session = await InferenceSession.create(encodeModel(model));
  const outputs = await session.run({ picture: new Tensor('float32', Float32Array.from(data), [1, 3, height, width]) });
  await session.release();
  return taps.map(({ name, channels, stride }) => {
    const { dims, data: values } = outputs[name]!;
    expect(dims).toEqual([1, channels, height / stride, width / stride]);
    return { channels, height: height / stride, width: width / stride, data: Float64Array.from(values as Float32Array) };
  });
}

/** The greatest difference, as a share of the greatest value. */
function difference(a: Activations, b: Activations): number {
  const most = a.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return a.data.reduce((max, value, i) => Math.max(max, Math.abs(value - b.data[i]!)), 0) / most;
}

describe('a small network with random weights', () => {
  test.each([
    [64, 64],
    [96, 160],
  ])('each stage agrees with the formulas in double precision, %i x %i px', async (height, width) => {
    const tensors = randomLite(REPEATS);
    const picture = noise(height, width);
    const expected = referenceStages(tensors, REPEATS, picture);
    const found = await stagesOf(liteGraph(tensors, REPEATS), picture);
    expect(found).toHaveLength(7);
    for (const [stage, own] of found.entries()) expect(difference(expected[stage]!, own)).toBeLessThan(1e-5);
  });

  test('dilated, it gives the same features more densely: away from the border every second one is a strided one', async () => {
    const tensors = randomLite(REPEATS);
    const picture = noise(256, 256);
    const strided = (await stagesOf(liteGraph(tensors, REPEATS), picture))[6]!;
    const dense = (await stagesOf(liteGraph(tensors, REPEATS, 16), picture))[6]!;
    expect([dense.height, strided.height]).toEqual([16, 8]);
    // The strided one is centred on odd places; the middle two of eight see no border.
    for (let c = 0; c < strided.channels; c++)
      for (const y of [3, 4])
        for (const x of [3, 4]) {
          const place = (map: Activations, row: number, column: number) => map.data[(c * map.height + row) * map.width + column]!;
          expect(place(dense, 2 * y + 1, 2 * x + 1)).toBeCloseTo(place(strided, y, x), 4);
        }
  });

  test.each([
    [
      'a tensor is missing',
      (tensors: Map<string, unknown>) => tensors.delete('_blocks.3._bn2.bias'),
      "'_blocks.3._bn2.bias' is missing",
    ],
    ['there are more blocks', () => undefined, 'more than 10 blocks', [1, 2, 2, 1, 2, 1, 1]],
    [
      'a value is not finite',
      (tensors: Map<string, unknown>) => tensors.set('_bn0.weight', { dims: [8], data: new Float32Array(8).fill(Number.NaN) }),
      'not finite',
    ],
  ])('it is refused where %s', (_, spoil, message, repeats = REPEATS) => {
    const tensors = new Map(randomLite(REPEATS));
    spoil(tensors);
    expect(() => liteGraph(tensors, repeats)).toThrow(
      expect.objectContaining({ code: 'bad-backbone', message: expect.stringContaining(message) }),
    );
  });
});

/** ImageNet's classes of cars: convertible, beach wagon, minivan, pickup, sports car, jeep, cab, limousine, racer, car wheel, grille. */
const CARS = new Set([407, 436, 468, 479, 511, 581, 609, 627, 656, 661, 705, 717, 751, 817, 864]);

describe.runIf(has('wheels')).each(Object.keys(PUBLISHED_BACKBONES))('the published %s', (name) => {
  const { repeats } = PUBLISHED_BACKBONES[name]!;
  const tensors = liteTensors(readFileSync(join(WHEELS, wheelOf(name))));

  test('each stage agrees with the formulas in double precision', async () => {
    const picture = noise(64, 64);
    const expected = referenceStages(tensors, repeats, picture);
    const found = await stagesOf(liteGraph(tensors, repeats), picture);
    for (const [stage, own] of found.entries()) expect(difference(expected[stage]!, own)).toBeLessThan(1e-4);
  });

  test.runIf(has('photos'))('it calls twelve photographs of cars cars', async () => {
    const side = 256;
    for (const { file } of carParts().photos.slice(0, 12)) {
      const { rgb, frame } = await readPhoto(readFileSync(file), side);
      expect([frame.width, frame.height]).toEqual([512, 512]);
      const data = Float64Array.from(
        { length: rgb.length },
        (_, i) => (rgb[3 * (i % side ** 2) + Math.floor(i / side ** 2)]! - 127) / 128,
      );
      const stages = await stagesOf(liteGraph(tensors, repeats), { channels: 3, height: side, width: side, data });
      const logits = referenceLogits(tensors, stages[6]!);
      expect(CARS).toContain(logits.indexOf(Math.max(...logits)));
    }
  });
});
