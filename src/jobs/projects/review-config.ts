import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { updateProject } from '../../store/projects.ts';
import type { Product } from '../product/product.ts';
import type { LinkedProject } from './linked-project.ts';

/** What decides whether a changed label config changes the labels, and not merely their colours or the layout. */
export function labelsKey({ labels, sparse, labelTexts, keypointTexts, boxControls }: LabelConfig): string {
  // Without keypoints and boxes as earlier releases wrote it: the first look after an update finds nothing changed.
  const more = [keypointTexts, boxControls].filter((own) => own.length > 0);
  return JSON.stringify([labels, sparse, labelTexts, ...more]);
}

/**
 * Reads the project's label config as Label Studio has it now and records it. `labelsChanged` says whether there is something to retrain.
 * @throws DatasetGanError `bad-label-config`
 */
export async function reviewConfig(
  product: Pick<Product, 'store'>,
  { row, found }: LinkedProject,
): Promise<{ config: LabelConfig; labelsChanged: boolean }> {
  const config = parseLabelConfig(found.label_config);
  const key = labelsKey(config);
  if (row.label_config !== found.label_config || row.labels_key !== key || row.title !== found.title) {
    await updateProject(product.store.db, row.key, { label_config: found.label_config, labels_key: key, title: found.title });
  }
  return { config, labelsChanged: row.labels_key !== null && row.labels_key !== key };
}
