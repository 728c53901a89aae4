/**
 * The value that a share of the others is not above, interpolated between neighbours.
 * @param ascending sorted, at least one
 * @param share 0 … 1
 */
export function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  return below + (place % 1) * (ascending[Math.ceil(place)]! - below);
}
