import { formatSeconds } from '../format-seconds.ts';
import type { DemoStep } from './demo-record.ts';

/** The steps as a table, one line each: annotated pictures, mIoU, version, and how long it took. */
export function stepsTable(steps: readonly DemoStep[]): string[] {
  const seconds = (value: number | null) => (value === null ? '-' : formatSeconds(value));
  const rows = steps.map(({ version, mIoU, versionSeconds, predictionSeconds, predictions }, index) => [
    String(index + 1),
    mIoU === null ? '-' : mIoU.toFixed(3),
    seconds(versionSeconds),
    `${seconds(predictionSeconds)} (${predictions})`,
    version,
  ]);
  return columns([['annotated', 'mIoU', 'new version after', 'predictions after', 'version'], ...rows]);
}

/** Pads every column to its widest cell; the last is left as it is. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column]!))).join('   '),
  );
}
