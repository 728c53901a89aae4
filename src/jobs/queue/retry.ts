import type { DatasetGanError, ErrorCode } from '../../errors.ts';
import { causesOf, fieldOf, messageOf } from '../../thrown.ts';

/** Failures that may pass by themselves. Anything else is the same the next time. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['label-studio-down', 'label-studio-error', 'database-down', 'storage-down']);

const FIRST_DELAY_SECONDS = 2;
const LONGEST_DELAY_SECONDS = 300;

/** PostgreSQL's classes 08 (connection), 57P (the server stops or starts) and 53 (too many connections); and what sockets say. */
const CONNECTION_LOST = /^(?:08...|57P0[1-5]|53...|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Whether to try again. What we did not foresee (`internal`) gets one more try: it costs as much work as the first. */
export function mayPass(error: DatasetGanError, failures: number): boolean {
  return PASSING.has(error.code) || (error.code === 'internal' && (failures === 0 || causesOf(error).some(isConnectionLost)));
}

/** node-postgres throws the server's errors, the socket's, and some of its own that have no code. */
function isConnectionLost(thrown: unknown): boolean {
  const code = fieldOf(thrown, 'code');
  if (typeof code === 'string' && CONNECTION_LOST.test(code)) return true;
  return /^(?:Connection terminated|timeout exceeded when trying to connect)/.test(messageOf(thrown));
}

/** Seconds before the next try after the n-th failure (n from 1): 2, 4, 8, …, at most 5 minutes. */
export function retryDelay(failures: number): number {
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (failures - 1));
}
