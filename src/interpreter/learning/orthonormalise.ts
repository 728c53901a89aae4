/**
 * Makes rows [count, dims] orthonormal, in place: Gram and Schmidt, twice. Rows that depend on those before them are left out.
 * @returns how many rows there are then
 */
export function orthonormalise(rows: Float64Array, count: number, dims: number): number {
  const at = (row: number) => rows.subarray(row * dims, (row + 1) * dims);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = at(i);
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) for (let j = 0; j < kept; j++) addTo(row, at(j), -dot(row, at(j)));
    const length = Math.sqrt(dot(row, row));
    if (length === 0 || length < 1e-10 * before) continue;
    const target = at(kept++);
    for (let d = 0; d < dims; d++) target[d] = row[d]! / length;
  }
  return kept;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}
