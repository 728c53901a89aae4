/** Text of a JSON column. Undefined fields are left out, as in any JSON. */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** Rows for one INSERT each: PostgreSQL takes at most 65,535 parameters. */
export function* chunks<T>(rows: readonly T[], size = 1000): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
