const SWEEPS = 30;
/** Off-diagonal size, as a share of the whole, at which the matrix counts as diagonal. */
const DIAGONAL = 1e-14;

/**
 * Eigenvalues, descending, and eigenvectors of a symmetric matrix [n, n]: cyclic Jacobi rotations (Golub & Van Loan, section 8.5).
 * Column i of `vectors` [n, n] belongs to values[i]. The matrix is not changed.
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  // Rows of v are the eigenvectors: rotations then work on contiguous numbers.
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let whole = 0;
  for (const value of a) whole += value * value;
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, n) > DIAGONAL ** 2 * whole; sweep++)
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]! || i - j);
  const vectors = new Float64Array(n * n);
  for (const [column, i] of order.entries()) for (let k = 0; k < n; k++) vectors[k * n + column] = v[i * n + k]!;
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) sum += 2 * a[p * n + q]! ** 2;
  return sum;
}

/** Makes a[p, q] zero: θ = (a_qq - a_pp)/(2·a_pq), t = sign θ/(|θ| + √(θ² + 1)), c = 1/√(t² + 1), s = t·c. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const between = a[p * n + q]!;
  if (between === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * between);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    if (k === p || k === q) continue;
    const kp = a[k * n + p]!;
    const kq = a[k * n + q]!;
    a[k * n + p] = a[p * n + k] = c * kp - s * kq;
    a[k * n + q] = a[q * n + k] = s * kp + c * kq;
  }
  a[p * n + p]! -= t * between;
  a[q * n + q]! += t * between;
  a[p * n + q] = a[q * n + p] = 0;
  for (let k = 0; k < n; k++) {
    const vp = v[p * n + k]!;
    const vq = v[q * n + k]!;
    v[p * n + k] = c * vp - s * vq;
    v[q * n + k] = s * vp + c * vq;
  }
}
