import { DatasetGanError } from '../../errors.ts';

const AGAIN = 'Download or copy the file again and compare its size with the original.';

/** The file ends before its content does. */
export function truncated(): DatasetGanError {
  return new DatasetGanError('checkpoint-truncated', 'The file ends in the middle of its content.', { fix: AGAIN });
}

/** The file contradicts its own format. */
export function damaged(problem: string, cause?: unknown): DatasetGanError {
  return new DatasetGanError('checkpoint-damaged', `The file is damaged: ${problem}.`, { fix: AGAIN, cause });
}

/** A sound file of something that cannot be imported. */
export function unsupported(what: string, fix: string): DatasetGanError {
  return new DatasetGanError('checkpoint-unsupported', what, { fix });
}

/** The file would do harm to a program less careful. */
export function hostile(what: string): DatasetGanError {
  return new DatasetGanError('checkpoint-hostile', what, {
    fix: 'Do not use this file anywhere. Nothing in it was run here. Get the network from its original source.',
  });
}

/** More objects or numbers than any network of that file size has. */
export function excessive(problem: string): DatasetGanError {
  return new DatasetGanError('checkpoint-hostile', `The file requires more than it contains: ${problem}.`, {
    fix: 'Get the network from its original source.',
  });
}
