import { expect, test } from 'vitest';
import type { Classifier } from '../../../../src/interpreter/ensemble/classifier.ts';
import { narrowFirstLayer } from '../../../../src/interpreter/ensemble/narrow-first-layer.ts';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { NARROW } from '../../../../src/interpreter/recipe.ts';

const [DIMS, UNITS] = [96, 80];
const random = new Random(3, 'weights');
const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
const variance = Float32Array.from({ length: DIMS }, (_, i) => 1 / (1 + i));
/** The features are the basis' own coordinates, but for a shift. */
const identity = Float32Array.from({ length: DIMS * DIMS }, (_, at) => (at % (DIMS + 1) === 0 ? 1 : 0));
const projection = { matrix: identity, centre: Float64Array.from(normals(DIMS)) };

function classifierOf(w1: Float32Array): Classifier {
  const others = { w2: new Float32Array(), b2: new Float32Array(), w3: new Float32Array(), b3: new Float32Array() };
  return { shape: { dims: DIMS, members: 1, hidden: [UNITS, 1], classes: 2 }, w1, b1: normals(UNITS), ...others };
}

/** a [m, n]·b [n, p] */
function product(a: ArrayLike<number>, b: ArrayLike<number>, n: number, p: number): Float64Array {
  const out = new Float64Array((a.length / n) * p);
  for (let at = 0; at < out.length; at++)
    for (let k = 0; k < n; k++) out[at]! += a[Math.floor(at / p) * n + k]! * b[k * p + (at % p)]!;
  return out;
}

test('a first layer that needs fewer directions than are kept stays the same', () => {
  const needed = 20;
  const wide = classifierOf(Float32Array.from(product(normals(DIMS * needed), normals(needed * UNITS), needed, UNITS)));
  const { shape, projection: kept, w1, b1 } = narrowFirstLayer(wide, { variance }, projection);
  expect(shape).toEqual({ ...wide.shape, dims: needed });
  const greatest = Math.max(...wide.w1.map(Math.abs));
  for (const [i, weight] of product(kept!, w1, needed, UNITS).entries())
    expect(Math.abs(weight - wide.w1[i]!) / greatest).toBeLessThan(1e-5);
  const shift = product(projection.centre, wide.w1, DIMS, UNITS);
  for (const [unit, bias] of b1.entries()) expect(bias).toBeCloseTo(wide.b1[unit]! - shift[unit]!, 3);
});

test('of a first layer that needs all directions, the pixels of the basis lose little', () => {
  const wide = classifierOf(normals(DIMS * UNITS));
  const { shape, projection: kept, w1 } = narrowFirstLayer(wide, { variance }, projection);
  expect(shape.dims).toBe(NARROW.rank);
  let [all, lost] = [0, 0];
  for (const [i, weight] of product(kept!, w1, NARROW.rank, UNITS).entries()) {
    const own = variance[Math.floor(i / UNITS)]!;
    all += own * wide.w1[i]! ** 2;
    lost += own * (wide.w1[i]! - weight) ** 2;
  }
  expect(lost / all).toBeLessThan(0.05);
});
