import { DatasetGanError } from '../../errors.ts';

/** @param project in words, such as `Project 7` */
export function noVersion(project: string): DatasetGanError {
  return new DatasetGanError('no-version', `${project} has no trained version yet.`, {
    fix: 'Annotate at least one task and wait for the training.',
  });
}
