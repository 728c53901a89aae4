import { croissant } from './card/croissant.ts';
import { datasetCard } from './card/dataset-card.ts';
import type { ExportDataset } from './export-dataset.ts';
import type { ExportFormat, RunTask, SplitPair } from './export-format.ts';
import { type Split, type SplitCounts, splitOf } from './split.ts';
import { checkedTarget } from './targets/checked-target.ts';
import { type FileTarget, utf8 } from './targets/export-target.ts';

export interface WriteOptions {
  readonly run: RunTask;
  readonly signal?: AbortSignal;
  readonly onPair?: (done: number) => void;
}

/**
 * Writes a dataset in one format: its files, then what all formats have: `dataset.json`, `README.md` (the dataset card), `croissant.json` and, as
 * the last file, `SHA256SUMS`. Finishing the target, or discarding it after an error, is the caller's.
 */
export async function writeExport(
  format: ExportFormat,
  dataset: ExportDataset,
  to: FileTarget,
  { run, signal, onPair }: WriteOptions,
): Promise<SplitCounts> {
  const counts: Record<Split, number> = { train: 0, val: 0 };
  async function* pairs(): AsyncGenerator<SplitPair> {
    for await (const pair of dataset.pairs()) {
      signal?.throwIfAborted();
      const split = splitOf(pair.key, dataset.validation);
      counts[split]++;
      yield { ...pair, split };
      onPair?.(counts.train + counts.val);
    }
  }
  const { target, close } = await checkedTarget(to);
  await format.write({ dataset, pairs: pairs(), target, run });
  if (dataset.provenance !== undefined) {
    const file = await target.open('dataset.json');
    for await (const piece of dataset.provenance()) await file.append(piece);
    await file.close();
  }
  if (dataset.report !== undefined) await target.write('report.html', utf8(await dataset.report()));
  await target.write('README.md', utf8(datasetCard(format, dataset, counts)));
  await target.write('croissant.json', utf8(croissant(format, dataset, counts)));
  signal?.throwIfAborted();
  await close();
  return counts;
}
