/**
 * Reads damaged checkpoints for as long as it is told: node test/fuzz/checkpoints.ts [minutes] [first case]. Ends with status 1 at the first case that is
 * neither read nor refused, that takes over 5 s, or after which the process has grown beyond 1 GB; the number of the case repeats it.
 */
import { fuzzCheckpoints, soundFiles } from '../support/fuzz-checkpoints.ts';

const BATCH = 1000;
const SECONDS = 5;
const BYTES = 1e9;

const [minutes = '60', first = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const files = soundFiles();
const end = performance.now() + Number(minutes) * 60_000;
const totals = new Map<string, number>();
let count = 0;
while (performance.now() < end) {
  const from = Number(first) + count;
  const { outcomes, slowest } = fuzzCheckpoints(from, BATCH, files);
  count += BATCH;
  for (const [outcome, cases] of outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + cases);
  const { rss } = process.memoryUsage();
  if (slowest > SECONDS * 1000 || rss > BYTES) {
    console.error(`cases ${from} to ${from + BATCH - 1}: slowest ${slowest.toFixed(0)} ms, memory ${(rss / 1e6).toFixed(0)} MB`);
    process.exit(1);
  }
}
console.log(
  `${count} cases from ${first} without a crash: ${[...totals].map(([outcome, cases]) => `${outcome} ${cases}`).join(', ')}`,
);
