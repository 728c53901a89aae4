/**
 * The error function, within 1e-15. Below 1 by the series of positive terms 2/√π · exp(-x²) · Σ 2^n x^(2n+1) / (2n+1)!!; above, where its
 * exponential would lose digits, by the continued fraction erfc x = exp(-x²)/√π / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))).
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  const value = a < 1 ? series(a) : 1 - complement(a);
  return x < 0 ? -value : value;
}

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 2 ** -54; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function complement(x: number): number {
  let denominator = x;
  for (let n = 200; n > 0; n--) denominator = x + n / 2 / denominator;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / denominator;
}
