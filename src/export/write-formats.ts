import type { ExportDataset } from './export-dataset.ts';
import { requireFormat } from './formats.ts';
import type { ExportTarget } from './targets/export-target.ts';
import { type WriteOptions, writeExport } from './write-export.ts';

/**
 * Writes a dataset in several formats, one pass over its pairs each: one format by itself at the root of the target, several in a folder each.
 * All of them are there afterwards, or nothing is.
 * @param options.onPair hears of the pairs written in all formats together
 */
export async function writeFormats(
  names: readonly string[],
  dataset: ExportDataset,
  target: ExportTarget,
  options: WriteOptions,
): Promise<void> {
  try {
    let before = 0;
    for (const name of names) {
      const counts = await writeExport(requireFormat(name), dataset, within(target, folderOfFormat(names, name)), {
        ...options,
        onPair: (done) => options.onPair?.(before + done),
      });
      before += counts.train + counts.val;
    }
    await target.finish();
  } catch (error) {
    await target.discard();
    throw error;
  }
}

/** Where a format is among several, from the top of the target: its folder with a slash, or '' where it is the only one. */
export function folderOfFormat(names: readonly string[], name: string): string {
  return names.length === 1 ? '' : `${name}/`;
}

function within(target: ExportTarget, folder: string): Pick<ExportTarget, 'write' | 'open'> {
  return {
    write: (path, bytes) => target.write(folder + path, bytes),
    open: (path) => target.open(folder + path),
  };
}
