import { MOST_FOLDS } from './validate.ts';

/** Held-out mIoU (0 … 1) of the version trained on so many annotated pictures. */
export interface CurvePoint {
  readonly pictures: number;
  readonly mIoU: number;
}

/** What further pictures would bring. */
export interface Forecast {
  /** Pictures more than the last point has. */
  readonly more: number;
  /** mIoU that they add, 0 … 1: the median of the laws that fit. */
  readonly gain: number;
  /** The gain that is measured then lies between these in four of five cases: the laws differ, and each measurement does from its law. May be below 0. */
  readonly interval: readonly [number, number];
}

/** With fewer annotated pictures, held-out figures say more about the pictures than about the labels. */
const LEAST_PICTURES = 4;
/** A power law has three numbers. */
const LEAST_POINTS = 3;
/** Standard deviation of a point about the law, before its own residuals are known: as much as one observation of it. */
const USUAL_DEVIATION = 0.02;
const ASYMPTOTE_STEP = 0.01;
/** Exponents of published learning curves (Hestness et al., 2017: 0.07 to 0.35 for errors), and steeper ones of the first few pictures. */
const EXPONENTS = Array.from({ length: 40 }, (_, i) => 0.05 * (i + 1));
const TAIL = 0.1;
/** A tenth lies beyond this many deviations that were estimated from five values (Student's t). */
const TAIL_DEVIATIONS = 1.476;

/**
 * Gain by `more` pictures after the last point: power laws mIoU(x) = a − b·x^−c with b ≥ 0 and a ≤ 1, each weighed by exp(−residuals² / 2σ²), b by least
 * squares. x is the number of pictures that a fold learns from, since that is what a held-out figure measures. null before 4 pictures or three points.
 * @param points at least one, of different numbers of pictures, ascending
 */
export function forecast(points: readonly CurvePoint[], more: number): Forecast | null {
  const last = points.at(-1)!.pictures;
  if (last < LEAST_PICTURES || points.length < LEAST_POINTS) return null;
  const laws = EXPONENTS.flatMap((exponent) => lawsOf(points, exponent, more));
  const least = laws.reduce((min, { residual }) => Math.min(min, residual), Number.POSITIVE_INFINITY);
  const variance = (least + USUAL_DEVIATION ** 2) / (points.length - LEAST_POINTS + 1);
  const weighed = laws.map(({ gain, residual }) => ({ gain, weight: Math.exp((least - residual) / (2 * variance)) }));
  const quantile = quantiles(weighed);
  const gain = quantile(0.5);
  // Two measurements differ by their laws and by both their deviations.
  const measured = TAIL_DEVIATIONS * Math.sqrt(2 * variance);
  const below = Math.hypot(gain - quantile(TAIL), measured);
  const above = Math.hypot(quantile(1 - TAIL) - gain, measured);
  return { more, gain, interval: [gain - below, gain + above] };
}

/** Pictures that each fold of a validation with so many pictures learns from. */
const learntFrom = (pictures: number): number => pictures - pictures / Math.min(MOST_FOLDS, pictures);

/** Laws of one exponent, by their asymptote a, with the sum of squared residuals. */
function lawsOf(points: readonly CurvePoint[], exponent: number, more: number): { gain: number; residual: number }[] {
  const last = points.at(-1)!.pictures;
  const power = (pictures: number) => learntFrom(pictures) ** -exponent;
  const x = points.map(({ pictures }) => power(pictures));
  const squares = x.reduce((sum, value) => sum + value * value, 0);
  const drop = power(last) - power(last + more);
  return Array.from({ length: Math.round(1 / ASYMPTOTE_STEP) + 1 }, (_, step) => {
    const a = step * ASYMPTOTE_STEP;
    const b = Math.max(0, points.reduce((sum, { mIoU }, i) => sum + (a - mIoU) * x[i]!, 0) / squares);
    const residual = points.reduce((sum, { mIoU }, i) => sum + (a - b * x[i]! - mIoU) ** 2, 0);
    return { gain: b * drop, residual };
  });
}

/** The gain that this share of the weight is not above. */
function quantiles(weighed: readonly { readonly gain: number; readonly weight: number }[]): (share: number) => number {
  const ascending = weighed.toSorted((a, b) => a.gain - b.gain);
  let sum = 0;
  const upTo = ascending.map(({ weight }) => {
    sum += weight;
    return sum;
  });
  return (share) => ascending[upTo.findIndex((weight) => weight >= share * sum)]!.gain;
}
