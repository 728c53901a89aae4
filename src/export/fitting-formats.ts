import { DatasetGanError } from '../errors.ts';
import type { ExportFormat } from './export-format.ts';
import { FORMAT_NAMES, type FormatName } from './format-names.ts';
import { requireFormat } from './formats.ts';
import { hasMasks } from './has-masks.ts';

/** What a dataset has, or the version that makes it. */
interface Contents {
  /** The background alone makes no masks. */
  readonly labels: readonly string[];
  /** Left out where there are none. */
  readonly keypoints?: object | undefined;
}

/** What a dataset's files are in if nobody says: index PNG, or COCO keypoints where there are no masks. */
export const defaultFormats = (contents: Contents): FormatName[] => [hasMasks(contents) ? 'index-png' : 'coco-keypoints'];

/**
 * Those of the formats that a dataset can have. Where all formats are asked for, the others are skipped.
 * @throws DatasetGanError `bad-request` when one that was named is for masks or keypoints that the dataset does not have
 */
export function fittingFormats(names: readonly FormatName[], contents: Contents): FormatName[] {
  const lacks = ({ needs }: Pick<ExportFormat, 'needs'>) =>
    (needs === 'masks' && !hasMasks(contents)) || (needs === 'keypoints' && contents.keypoints === undefined);
  const fits = (name: FormatName) => !lacks(requireFormat(name));
  const unfit = names.find((name) => !fits(name));
  if (unfit === undefined || names.length === FORMAT_NAMES.length) return names.filter(fits);
  throw new DatasetGanError('bad-request', `The format '${unfit}' is for ${requireFormat(unfit).needs}, and there are none.`, {
    fix: `Use all, or one or several of these: ${FORMAT_NAMES.filter(fits).join(', ')}.`,
  });
}
