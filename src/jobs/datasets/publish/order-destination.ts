import type { Destination, RegionForm } from '../../../api/dataset-options.ts';
import { DatasetGanError, isError } from '../../../errors.ts';
import { parseTaskMeta } from '../../../label-studio/annotations/task-meta.ts';
import type { Project as LabelStudioProject } from '../../../label-studio/client/projects.ts';
import { getProject } from '../../../label-studio/client/projects.ts';
import { listTasks } from '../../../label-studio/client/tasks.ts';
import type { MaskControl } from '../../../label-studio/label-config/label-config.ts';
import { type MasksToShow, missingForMasks } from '../../../label-studio/label-config/missing-for-masks.ts';
import { parseLabelConfig } from '../../../label-studio/label-config/parse-label-config.ts';
import { findProjectsByLsId } from '../../../store/projects.ts';
import type { Links } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { connectionOf } from '../../projects/linked-project.ts';

/** The control that draws regions of that form. */
export const CONTROL_OF: Readonly<Record<RegionForm, MaskControl>> = {
  brush: 'brushlabels',
  bitmask: 'bitmasklabels',
  polygons: 'polygonlabels',
};

const FIX = "Use 'new', 'files', or a project with the same labels that is not annotated for training.";

/** Seeds of that generator that a project has tasks of already, whichever dataset brought them: an order into it does not repeat them. */
export async function seedsShown(
  product: Pick<Product, 'connections' | 'verifiedConnections'>,
  host: string,
  project: number,
  generator: string,
  signal?: AbortSignal,
): Promise<number[]> {
  const seeds: number[] = [];
  for await (const { meta } of listTasks(connectionOf(product, host), project, { fields: ['meta'], signal })) {
    const shown = parseTaskMeta(meta);
    if (shown?.generator === generator) seeds.push(shown.seed);
  }
  return seeds;
}

/**
 * Checks that a named destination can take a dataset, and gives it; undefined for a new project or none.
 * @param host origin of the Label Studio
 * @param regions form that the regions must have; left out: any that the project has
 * @throws DatasetGanError `unknown-project` when there is none of that number; `bad-request` when it is a labelling or orders project, or its
 *   label config does not fit; `bad-label-config`
 */
export async function checkDestination(
  product: Links,
  host: string,
  destination: Destination,
  masks: MasksToShow,
  regions?: RegionForm,
  signal?: AbortSignal,
): Promise<LabelStudioProject | undefined> {
  if (typeof destination !== 'number') return undefined;
  const name = `Project ${destination}`;
  const [known] = await findProjectsByLsId(product.store.db, destination, host);
  if (known !== undefined && known.kind !== 'dataset') {
    const use = known.kind === 'orders' ? 'is the orders project' : 'is annotated for training';
    throw new DatasetGanError('bad-request', `${name} ${use} and cannot take a dataset.`, { fix: FIX });
  }
  const found = await getProject(connectionOf(product, host), destination, signal).catch((error: unknown) => {
    if (!isError(error, 'label-studio-gone')) throw error;
    throw new DatasetGanError('unknown-project', `There is no project ${destination} in the Label Studio at ${host}.`, {
      fix: FIX,
    });
  });
  const config = parseLabelConfig(found.label_config, { wanted: regions === undefined ? undefined : CONTROL_OF[regions] });
  const missing = missingForMasks(found.label_config, config, masks);
  if (missing.length === 0) return found;
  throw new DatasetGanError('bad-request', `${name} ('${found.title}') cannot take this dataset: ${missing.join('; ')}.`, {
    fix: FIX,
  });
}
