import type { DatasetDetail } from '../../api/answers.ts';
import type { Annotation } from '../../label-studio/client/annotations.ts';
import type { OrderStatus } from '../../label-studio/orders-form/order-status.ts';
import { getDataset } from '../../store/datasets.ts';
import { updateOrder } from '../../store/orders.ts';
import type { Dataset, Order } from '../../store/schema.ts';
import { placeOfFiles } from '../datasets/files/written-files.ts';
import { browserAddress, filesLink } from '../datasets/record/dataset-link.ts';
import { datasetView } from '../datasets/record/dataset-view.ts';
import { type ShownResults, shownOf } from '../datasets/report/shown-results.ts';
import type { OrdersContext } from '../product/contexts.ts';
import type { LinkedProject } from '../projects/linked-project.ts';
import { showResults } from './show-results.ts';

/** An annotation changed this long after it became an order was changed by a person. */
const CHANGED_AFTER_MS = 3000;

/** What one look at the orders works with. */
export interface OrderCheck {
  readonly product: OrdersContext;
  /** The orders project. */
  readonly linked: LinkedProject;
  readonly signal: AbortSignal;
}

/**
 * What the task of an order that became a dataset says: state, counts, rate, preview and links.
 * @param deleted its own form was deleted, which cancels it
 * @param forms what was submitted in its task
 */
export async function takenOrderStatus(
  check: OrderCheck,
  order: Order,
  deleted: boolean,
  forms: readonly Annotation[],
): Promise<OrderStatus> {
  const { product } = check;
  const dataset = await getDataset(product.store.db, order.dataset_id!);
  if (dataset === undefined) return { state: 'deleted' };
  const view = await datasetView(product, dataset);
  const { title, delivered, asked, projectId } = view;
  const state = deleted && view.state !== 'completed' ? 'cancelled' : view.state;
  await updateOrder(product.store.db, order, { state, status: `${delivered} of ${asked}` });
  const again = forms.some(
    ({ id, updated_at: at }) => id !== order.annotation_id || Date.parse(at) - order.created_at.getTime() > CHANGED_AFTER_MS,
  );
  const lines = [
    ...progressLines(view),
    ...(view.known === 0
      ? []
      : [`${view.known} of its pictures are also in earlier datasets of the project, because the order sets a first seed.`]),
    ...view.reasons,
    ...(again ? ['Already ordered: later changes are ignored. Use the blank order for another dataset.'] : []),
  ];
  const { preview, report, colours = [] } = (await resultsOf(check, order, dataset)) ?? {};
  return {
    state,
    title,
    delivered,
    asked,
    projectId,
    report: report?.path,
    preview: preview?.path,
    colours,
    ...(await filesOf(product, dataset, view)),
    lines,
  };
}

async function filesOf(
  product: OrdersContext,
  dataset: Dataset,
  { state, formats }: DatasetDetail,
): Promise<Pick<OrderStatus, 'files'>> {
  if (state !== 'completed' || formats.length === 0) return {};
  const base = await browserAddress(product, dataset);
  const place = placeOfFiles(product, dataset);
  if (base === null) return { files: { formats, place, links: null } };
  const links = {
    zip: filesLink(product, base, dataset, formats, 'zip'),
    tar: filesLink(product, base, dataset, formats, 'tar'),
  };
  return { files: { formats, place, links, ...(product.settings.publicUrl === null ? { unsure: base } : {}) } };
}

/** Preview and report. The state of an order is shown even if they cannot be made. */
async function resultsOf({ product, linked, signal }: OrderCheck, order: Order, dataset: Dataset): Promise<ShownResults | null> {
  try {
    return await showResults(product, linked.connection, order, dataset, signal);
  } catch (error) {
    signal.throwIfAborted();
    product.log.warn({ err: error, dataset: dataset.id }, 'making preview and report failed');
    return shownOf(order);
  }
}

const WORK = { synthesize: 'Making pairs', publish: 'Pushing them into Label Studio', export: 'Writing files' } as const;

/** How far it is: `Making pairs: 120 of 334, 2.6/s, 82 s left`, and what it takes on disk. */
function progressLines({ state, job, bytes, bytesToCome }: DatasetDetail): string[] {
  if (state !== 'running' || job === null || job.total === 0) return [];
  const rate = job.rate === null ? [] : [`${job.rate.toFixed(1)}/s`];
  const left = job.eta === null ? [] : [`${Math.ceil(job.eta)} s left`];
  const work = WORK[job.kind as keyof typeof WORK] ?? job.kind;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return [
    `${work}: ${[`${job.done} of ${job.total}`, ...rate, ...left].join(', ')}`,
    ...(bytes === 0 ? [] : [`${megabytes(bytes)} so far${bytesToCome === 0 ? '' : `, about ${megabytes(bytesToCome)} to come`}`]),
  ];
}
