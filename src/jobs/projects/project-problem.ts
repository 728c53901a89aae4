import { type DatasetGanError, fixOf, inOneLine } from '../../errors.ts';
import type { ErrorRecord, ProjectProblem } from '../../store/records.ts';

/** An error as a project's record says it: every one names what to do. */
export function projectProblem(error: DatasetGanError | ErrorRecord): ProjectProblem {
  return { code: error.code, message: error.message, fix: fixOf(error) };
}

/** The problem in one line: what is wrong, what fixes it, and when we look again. */
export function problemInWords({ again, ...problem }: ErrorRecord): string {
  return [inOneLine(problem), again].filter((part) => part !== undefined).join(' ');
}
