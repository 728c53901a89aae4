import type { Archive, ArchiveOptions } from '../../../api/backend.ts';
import { fittingFormats } from '../../../export/fitting-formats.ts';
import { parseFormats } from '../../../export/format-names.ts';
import { archiveTarget } from '../../../export/targets/archive-target.ts';
import { writeFormats } from '../../../export/write-formats.ts';
import { requireDataset } from '../../../store/datasets.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { engineRunner } from './export.ts';
import { exportedDataset } from './exported-dataset.ts';

/**
 * The files of a dataset in those formats, as an archive.
 * @throws DatasetGanError `unknown-dataset`, `bad-request` for a format that there is not or that it cannot have, `wrong-state` before all its pairs are made
 */
export async function datasetArchive(
  product: DatasetsContext,
  id: string,
  { format, archive = 'tar', ...options }: Omit<ArchiveOptions, 'key'>,
): Promise<Archive> {
  const asked = parseFormats(format);
  const dataset = await requireDataset(product.store.db, id);
  // Errors are thrown before the first byte is sent.
  const formats = fittingFormats(asked, await exportedDataset(product, dataset));
  return {
    name: `${id}-${formats.length === 1 ? formats[0] : 'formats'}.${archive}`,
    async write(append, signal) {
      const exported = await exportedDataset(product, dataset, { ...options, signal });
      await writeFormats(formats, exported, archiveTarget(archive, append), { run: engineRunner(product, signal), signal });
    },
  };
}
