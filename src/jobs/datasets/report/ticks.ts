/**
 * Round places of an axis that begins at 0: multiples of 1, 2 or 5 times a power of ten, up to `end`; the widest steps of which at least `least` fit
 * (at most 2.5 times as many do).
 * @param smallest no step is smaller, such as 1 for counts
 */
export function roundTicks(end: number, least: number, smallest = 0): number[] {
  const step = Math.max(roundStep(end / least), smallest);
  const steps = Math.floor(end / step + 1e-9);
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The largest 1, 2 or 5 times a power of ten that is no greater. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const [factor] = [5, 2, 1].filter((one) => one * power <= most * (1 + 1e-9));
  return (factor ?? 1) * power;
}
