import { quantile } from './quantile.ts';

/** Of a normal distribution, its standard deviation is this many times its upper quartile's distance from the median, and its median deviation. */
const OF_DEVIATION = 1.4826;

/** How unusual a value is among others of its kind. */
export interface RobustDeviation {
  /** Median of the others. */
  readonly usual: number;
  /** How many usual deviations the value is above it. */
  readonly deviations: number;
}

/**
 * A value against the median of others, in their robust deviations: a few odd ones among the others change neither. That is the larger one of the median
 * absolute deviation and the distance of the upper quartile, since errors reach further up than down. It is widened where there are only few others.
 * @param others at least one
 * @param least values differ by about this much even where those at hand are all alike
 */
export function robustDeviation(value: number, others: readonly number[], least: number): RobustDeviation {
  const ascending = others.toSorted((a, b) => a - b);
  const usual = quantile(ascending, 0.5);
  const away = ascending.map((other) => Math.abs(other - usual)).sort((a, b) => a - b);
  const spread = OF_DEVIATION * Math.max(quantile(away, 0.5), quantile(ascending, 0.75) - usual);
  return { usual, deviations: (value - usual) / (Math.hypot(spread, least) * (1 + 1 / others.length)) };
}
