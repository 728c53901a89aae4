import { isError } from '../../../errors.ts';
import { patchProject } from '../../../label-studio/client/projects.ts';
import { countTasks } from '../../../label-studio/client/tasks.ts';
import { getDataset } from '../../../store/datasets.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset, DatasetState, JsonObject } from '../../../store/schema.ts';
import type { Links } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { linkProject } from '../../projects/linked-project.ts';
import type { JobContext } from '../../queue/delivery.ts';
import { browserAddress, pageLink } from '../record/dataset-link.ts';
import { partsOf } from '../record/dataset-parts.ts';
import { isOpen } from '../record/dataset-state.ts';
import { reportAddress } from '../report/report-address.ts';

/** Makes the description of the dataset's own Label Studio project say what became of it: `50 of 60, cancelled`, and where its page and report are. */
export async function describeDataset(
  product: Links & Pick<Product, 'settings' | 'linkSecret'>,
  { input, signal }: JobContext<'describe'>,
): Promise<JsonObject> {
  const { db } = product.store;
  const dataset = await getDataset(db, input.datasetId);
  if (dataset === undefined || dataset.ls_project_key === null) return {};
  const project = await requireProject(db, dataset.ls_project_key);
  // One that somebody made for other things keeps its words.
  if (project.dataset_id !== dataset.id) return {};
  try {
    const { connection, row, found } = await linkProject(product, project.key, signal);
    const wanted = (await partsOf(db, dataset.id)).reduce((sum, { plan, choice }) => sum + (choice?.kept ?? plan.count), 0);
    const state = stateInWords(dataset.state, await countTasks(connection, row.ls_id, [], signal), wanted);
    const report = dataset.state === 'completed' ? await reportAddress(product, dataset) : undefined;
    const said = (await descriptionWithPage(product, dataset, state)) + (report === undefined ? '' : REPORT + report);
    if (found.description !== said) await patchProject(connection, row.ls_id, { description: said }, signal);
    return { said };
  } catch (error) {
    if (isError(error, 'label-studio-gone')) return {};
    throw error;
  }
}

const PAGE = '. Page: ';
const REPORT = '. Report: ';

/** A description of ours without the addresses of page and report. */
export function withoutLinks(said: string): string {
  return said.split(PAGE)[0]!.split(REPORT)[0]!;
}

/** @param there pairs in Label Studio @param wanted pairs that it will have in the end */
export function stateInWords(state: DatasetState, there: number, wanted: number): string {
  if (state === 'completed') return `complete, ${wanted} pairs`;
  return `${there} of ${wanted}${isOpen(state) ? '' : `, ${state}`}`;
}

/** description, and where browsers find the dataset on our page, as far as we know. */
export async function descriptionWithPage(
  product: Pick<Product, 'settings' | 'store'>,
  dataset: Dataset,
  state: string,
): Promise<string> {
  const base = await browserAddress(product, dataset);
  return description(dataset, state) + (base === null ? '' : PAGE + pageLink(base, dataset));
}

export function description({ id }: Pick<Dataset, 'id'>, state: string): string {
  return `DatasetGAN dataset ${id}: ${state}`;
}

/**
 * Whether a project's description is ours for that dataset: by it, a project is found again that Label Studio made in the moment before we died. The
 * id alone does not do: somebody may tell in a project of their own where its pictures come from.
 */
export function describes(said: string | null | undefined, dataset: Pick<Dataset, 'id'>): boolean {
  return said?.startsWith(description(dataset, '').trimEnd()) === true;
}
