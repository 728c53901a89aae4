import { DatasetGanError } from '../errors.ts';

/** A network that cannot be used as a backbone. */
export function badBackbone(
  problem: string,
  fix = 'Use a file that an ordinary export wrote, or a backbone of `datasetgan backbones list`.',
  cause?: unknown,
): DatasetGanError {
  return new DatasetGanError('bad-backbone', `This backbone cannot be used: ${problem}.`, { fix, cause });
}
