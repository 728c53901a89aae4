import { expect, test } from 'vitest';
import { Random } from '../../../../src/interpreter/learning/random.ts';
import { type CurvePoint, forecast } from '../../../../src/interpreter/versions/learning-curve.ts';

interface Law {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** mIoU after n pictures where each of at most four folds learns from the others. */
const at = ({ a, b, c }: Law, n: number): number => a - b * (n - n / Math.min(4, n)) ** -c;

const curve = (law: Law, counts: readonly number[], noise = () => 0): CurvePoint[] =>
  counts.map((pictures) => ({ pictures, mIoU: at(law, pictures) + noise() }));

const COUNTS = [2, 3, 4, 6, 8, 11, 16];
const DRAWS = 50;

test('nothing is said before four pictures, nor from two points', () => {
  const law = { a: 0.85, b: 0.3, c: 0.5 };
  expect(forecast(curve(law, [2, 3]), 8)).toBeNull();
  expect(forecast(curve(law, [1, 2, 3]), 8)).toBeNull();
  expect(forecast(curve(law, [8, 16]), 8)).toBeNull();
  expect(forecast(curve(law, [2, 3, 4]), 8)).not.toBeNull();
});

test.each([
  { a: 0.85, b: 0.3, c: 0.5 },
  { a: 0.95, b: 0.4, c: 0.25 },
  { a: 0.7, b: 0.4, c: 1.2 },
])('exact points of $a - $b n^-$c: the gain is that of the law', (law) => {
  const said = forecast(curve(law, COUNTS), 8)!;
  const truth = at(law, 24) - at(law, 16);
  expect(Math.abs(said.gain - truth)).toBeLessThan(0.005);
  expect(said.interval[0]).toBeLessThanOrEqual(truth);
  expect(said.interval[1]).toBeGreaterThanOrEqual(truth);
});

test('noisy points: about four of five intervals hold the gain that is measured', () => {
  const law = { a: 0.82, b: 0.3, c: 0.6 };
  const random = new Random(0, 'weights', 7);
  const noise = () => 0.02 * random.normal();
  const held = Array.from({ length: DRAWS }, () => {
    const points = curve(law, COUNTS, noise);
    const { interval } = forecast(points, 8)!;
    const gain = at(law, 24) + noise() - points.at(-1)!.mIoU;
    return interval[0] <= gain && gain <= interval[1];
  }).filter((holds) => holds).length;
  expect(held / DRAWS).toBeGreaterThan(0.65);
  expect(held / DRAWS).toBeLessThan(0.95);
});

test('the interval narrows with points, and widens with noise', () => {
  const law = { a: 0.8, b: 0.3, c: 0.5 };
  const width = (points: readonly CurvePoint[]) => {
    const { interval } = forecast(points, 8)!;
    return interval[1] - interval[0];
  };
  const random = new Random(0, 'weights', 8);
  const exact = width(curve(law, COUNTS));
  expect(exact).toBeLessThan(width(curve(law, [2, 3, 4])));
  expect(exact).toBeLessThan(width(curve(law, COUNTS, () => 0.04 * random.normal())));
});

test('a curve that falls promises next to nothing', () => {
  const points = [0.7, 0.69, 0.67, 0.66].map((mIoU, i) => ({ pictures: 4 + i, mIoU }));
  expect(forecast(points, 8)!.gain).toBeLessThan(0.01);
});
