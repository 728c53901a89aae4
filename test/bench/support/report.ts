import { cpus } from 'node:os';

/** `2 x AMD EPYC, Node v24.1.0`: what a figure was measured on. */
export const machine = (): string => `${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One line: figure, anchor, and how many times better than the anchor it is (below 1: missed). */
export function report(name: string, figure: number, anchor: number, unit: string, better: 'less' | 'more' = 'less'): void {
  const ratio = better === 'less' ? anchor / figure : figure / anchor;
  const number = (value: number) => value.toPrecision(3).padStart(8);
  console.log(
    `  ${name.padEnd(58)} figure ${number(figure)} ${unit}  anchor ${number(anchor)} ${unit}  ratio ${ratio.toFixed(2)}`,
  );
}

/** Seconds that each of `runs` calls takes, after one to warm up. */
export async function timeRuns(runs: number, call: () => Promise<unknown>): Promise<number[]> {
  await call();
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await call();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}
