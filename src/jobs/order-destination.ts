import { DatasetGanError } from '../errors.ts';
import { getProject } from '../label-studio/client/get-project.ts';
import { parseLabelConfig } from '../label-studio/label-config/parse-label-config.ts';
import { findProjectsByLsId } from '../store/projects.ts';
import type { Destination } from './dataset-options.ts';
import { connectionOf } from './linked-project.ts';
import type { Product } from './product.ts';

const FIX = "Use 'new', 'files', or a project with the same labels that is not annotated for training.";

/**
 * Checks that a named destination can take a dataset.
 * @param host origin of the Label Studio
 * @param labels texts of the labels that masks may show, the background left out
 * @throws DatasetGanError `unknown-project` when there is none of that number; `bad-request` when it is a labelling or orders project, or lacks
 *   labels; `bad-label-config`
 */
export async function checkDestination(
  product: Product,
  host: string,
  destination: Destination,
  labels: readonly string[],
): Promise<void> {
  if (typeof destination !== 'number') return;
  const name = `Project ${destination}`;
  const [known] = await findProjectsByLsId(product.store.db, destination, host);
  if (known !== undefined && known.kind !== 'dataset') {
    const use = known.kind === 'orders' ? 'holds the orders' : 'is annotated to train on';
    throw new DatasetGanError('bad-request', `${name} ${use} and cannot take a dataset.`, { fix: FIX });
  }
  const found = await getProject(connectionOf(product, host), destination).catch((error: unknown) => {
    if (!(error instanceof DatasetGanError && error.code === 'label-studio-gone')) throw error;
    throw new DatasetGanError('unknown-project', `There is no project ${destination} in the Label Studio at ${host}.`, {
      fix: FIX,
    });
  });
  const own = new Set(parseLabelConfig(found.label_config).labels);
  const lacking = labels.filter((label) => !own.has(label));
  if (lacking.length > 0)
    throw new DatasetGanError(
      'bad-request',
      `${name} ('${found.title}') has no label ${lacking.map((label) => `'${label}'`).join(', ')}.`,
      {
        fix: FIX,
      },
    );
}
