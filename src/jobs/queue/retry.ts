import type { DatasetGanError, ErrorCode } from '../../errors.ts';

/** Failures that may pass by themselves. Anything else is the same the next time. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['label-studio-down', 'label-studio-error', 'database-down', 'internal']);

const FIRST_DELAY = 2;
const LONGEST_DELAY = 300;

export function mayPass(error: DatasetGanError): boolean {
  return PASSING.has(error.code);
}

/** Seconds before the next try after the n-th failure (n from 1): 2, 4, 8, …, at most 5 minutes. */
export function retryDelay(failures: number): number {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1));
}
