import { expect, test } from 'vitest';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { symmetricEigen } from '../../../../src/interpreter/learning/symmetric-eigen.ts';

test('a matrix worked out by hand', () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  expect([...values]).toEqual([expect.closeTo(3, 14), expect.closeTo(1, 14)]);
  expect(Math.abs(vectors[0]!)).toBeCloseTo(Math.SQRT1_2, 14);
  expect(vectors[0]).toBeCloseTo(vectors[2]!, 14);
  expect(vectors[1]).toBeCloseTo(-vectors[3]!, 14);
});

test('A·v = λ·v, orthonormal vectors, values that descend and sum up to the trace', () => {
  const n = 40;
  const random = new Random(3, 'weights');
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) a[i * n + j] = a[j * n + i] = random.normal();
  const { values, vectors } = symmetricEigen(a, n);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    trace += a[i * n + i]!;
    if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
    for (let row = 0; row < n; row++) {
      let product = 0;
      let inner = 0;
      for (let k = 0; k < n; k++) {
        product += a[row * n + k]! * vectors[k * n + i]!;
        inner += vectors[k * n + row]! * vectors[k * n + i]!;
      }
      expect(product).toBeCloseTo(values[i]! * vectors[row * n + i]!, 10);
      expect(inner).toBeCloseTo(row === i ? 1 : 0, 12);
    }
  }
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
});
