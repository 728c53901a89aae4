import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import { annotationMarks } from '../label-studio/client/annotation-marks.ts';
import { createTask } from '../label-studio/client/create-task.ts';
import { deleteTask } from '../label-studio/client/delete-task.ts';
import { listTasks, type Task } from '../label-studio/client/list-tasks.ts';
import { patchTask } from '../label-studio/client/patch-task.ts';
import { ANNOTATION, type Annotation, readAnnotations } from '../label-studio/client/read-annotations.ts';
import type { OrderStatus } from '../label-studio/orders-form/order-status.ts';
import { type OrderableProject, orderTaskData } from '../label-studio/orders-form/orders-form.ts';
import { type OrderForm, parseOrder } from '../label-studio/orders-form/parse-order.ts';
import { getDataset } from '../store/datasets.ts';
import { listOrders, upsertOrder } from '../store/orders.ts';
import { listProjects } from '../store/projects.ts';
import type { JsonObject, Order, Project } from '../store/schema.ts';
import type { Job } from './backend.ts';
import { stopDataset } from './dataset-control.ts';
import { ensureWebhook } from './ensure-webhook.ts';
import { type LinkedProject, linkProject } from './linked-project.ts';
import { orderDataset } from './order-dataset.ts';
import type { Product } from './product.ts';
import type { JobContext } from './queue/delivery.ts';
import { datasetView } from './views.ts';

/** Seconds between two looks while an order is open: its state in the task is never much older. */
const LOOK = 5;
/** An annotation changed this long after it became an order was changed by a person. */
const CHANGED_AFTER = 3000;
const BODY = z.object({ tasks: z.array(z.object({ id: z.number(), annotations: z.array(ANNOTATION) })) });
const ENDED = new Set(['completed', 'failed', 'cancelled']);

/**
 * Looks at the tasks of an orders project: takes new orders, writes states back, cancels what was deleted, and sees to it that there is
 * exactly one blank order. An order is (task, first annotation that is not skipped): submitting twice, a restart or a lost event make one
 * dataset, because the order and its dataset are recorded in one transaction.
 */
export async function checkOrders(product: Product, { input, signal }: JobContext<'orders'>): Promise<JsonObject> {
  const linked = await linkProject(product, input.projectKey, signal);
  const { row, connection } = linked;
  await ensureWebhook(product, linked, signal);
  const sources = (await listProjects(product.store.db, 'labelling')).filter(
    ({ host, state }) => host === row.host && state !== 'gone' && state !== 'disconnected',
  );
  const choices = sources.map(({ ls_id: id, title }): OrderableProject => ({ id, title }));
  const tasks = await Array.fromAsync(listTasks(connection, row.ls_id, { fields: ['data'], signal }));
  const forms = await submittedForms(linked, signal);
  const orders = new Map((await listOrders(product.store.db, row.key)).map((order) => [order.task_id, order]));

  const statuses = new Map<Task, OrderStatus>();
  for (const task of tasks)
    statuses.set(task, await orderStatus(product, row, sources, task.id, forms.get(task.id) ?? [], orders.get(task.id)));
  const present = new Set(tasks.map(({ id }) => id));
  for (const order of orders.values()) if (!present.has(order.task_id)) await withdraw(product, order);

  for (const [task, status] of statuses) {
    const data = orderTaskData(choices, status);
    if (JSON.stringify(task.data) !== JSON.stringify(data)) await patchTask(connection, task.id, { data }, signal);
  }
  await keepOneBlank(linked, choices, statuses, signal);
  const open = [...statuses.values()].filter(({ state }) => state === 'queued' || state === 'running').length;
  if (open > 0) await product.queues.enqueue('orders', { projectKey: row.key }, { startAfter: LOOK });
  return { tasks: tasks.length, open };
}

/** Annotations that are no skip, by task, oldest first. */
async function submittedForms({ row, connection }: LinkedProject, signal: AbortSignal): Promise<Map<number, Annotation[]>> {
  const marks = await Array.fromAsync(annotationMarks(connection, row.ls_id, signal));
  const forms = new Map<number, Annotation[]>();
  for await (const body of readAnnotations(connection, row.ls_id, [...new Set(marks.map(({ task }) => task))], signal)) {
    for (const { id, annotations } of BODY.parse(JSON.parse(new TextDecoder().decode(body))).tasks) {
      forms.set(
        id,
        annotations.filter((annotation) => !annotation.was_cancelled).sort((a, b) => a.id - b.id),
      );
    }
  }
  return forms;
}

async function orderStatus(
  product: Product,
  ordersProject: Project,
  sources: readonly Project[],
  task: number,
  forms: readonly Annotation[],
  order: Order | undefined,
): Promise<OrderStatus> {
  const [form] = forms;
  if (order?.dataset_id != null) {
    const deleted = !forms.some(({ id }) => id === order.annotation_id);
    if (deleted) await withdraw(product, order);
    return datasetStatus(product, order, deleted, forms);
  }
  if (form === undefined) return { state: 'blank' };
  const parsed = parseOrder(form.result);
  if ('problems' in parsed) return { state: 'problem', lines: parsed.problems };
  try {
    const placed = await place(product, ordersProject, sources, task, form.id, parsed.order);
    return datasetStatus(product, placed, false, forms);
  } catch (error) {
    if (!(error instanceof DatasetGanError) || error.status >= 500) throw error;
    return { state: 'problem', lines: [[error.message, error.fix].filter(Boolean).join(' ')] };
  }
}

async function place(
  product: Product,
  ordersProject: Project,
  sources: readonly Project[],
  task: number,
  annotation: number,
  form: OrderForm,
): Promise<Order> {
  const source = sources.find(({ ls_id: id }) => id === form.source);
  if (source === undefined) {
    throw new DatasetGanError('unknown-project', `Project ${form.source} is not connected to DatasetGAN.`, {
      fix: 'Choose another source project.',
    });
  }
  const { count, filter, title } = form;
  const wanted = { count, ...(filter === undefined ? {} : { filter }), ...(title === undefined ? {} : { title }) };
  let placed: Order | undefined;
  await orderDataset(product, source.key, wanted, { door: 'orders', project: ordersProject.key, task }, async (db, dataset) => {
    placed = await upsertOrder(db, {
      orders_project_key: ordersProject.key,
      task_id: task,
      annotation_id: annotation,
      dataset_id: dataset.id,
      state: 'queued',
      status: '',
    });
  });
  return placed!;
}

async function datasetStatus(
  product: Product,
  order: Order,
  deleted: boolean,
  forms: readonly Annotation[],
): Promise<OrderStatus> {
  const dataset = await getDataset(product.store.db, order.dataset_id!);
  if (dataset === undefined) return { state: 'failed', lines: ['The dataset was deleted.'] };
  const { title, state, delivered, asked, projectId, reasons, job } = await datasetView(product, dataset);
  const shown = deleted && state !== 'completed' ? 'cancelled' : state;
  await upsertOrder(product.store.db, { ...order, state: shown, status: `${delivered} of ${asked}` });
  const again = forms.some(
    ({ id, updated_at: at }) => id !== order.annotation_id || Date.parse(at) - order.created_at.getTime() > CHANGED_AFTER,
  );
  const lines = [
    ...(shown === 'running' ? progressLines(job) : []),
    ...reasons,
    ...(again
      ? ['Already ordered: what was changed or submitted later is ignored. Use the blank order for another dataset.']
      : []),
  ];
  return { state: shown, title, delivered, asked, projectId, lines };
}

/** How far the job that runs is: `synthesize: 120 of 334, 2.6/s, 82 s left`. */
function progressLines(job: Job | null): string[] {
  if (job === null || job.total === 0) return [];
  const rate = job.rate === null ? [] : [`${job.rate.toFixed(1)}/s`];
  const left = job.eta === null ? [] : [`${Math.ceil(job.eta)} s left`];
  return [`${job.kind}: ${[`${job.done} of ${job.total}`, ...rate, ...left].join(', ')}`];
}

/** The annotation or the task of an order was deleted: that cancels it, unless it is done. */
async function withdraw(product: Product, order: Order): Promise<void> {
  if (order.dataset_id === null || ENDED.has(order.state)) return;
  const dataset = await getDataset(product.store.db, order.dataset_id);
  if (dataset !== undefined) await stopDataset(product, dataset.id, 'cancelled');
  await upsertOrder(product.store.db, { ...order, state: 'cancelled' });
}

async function keepOneBlank(
  { row, connection }: LinkedProject,
  choices: readonly OrderableProject[],
  statuses: ReadonlyMap<Task, OrderStatus>,
  signal: AbortSignal,
): Promise<void> {
  const blank = [...statuses].filter(([, { state }]) => state === 'blank').map(([task]) => task);
  for (const { id } of blank.slice(1)) await deleteTask(connection, id, signal);
  if (blank.length === 0) await createTask(connection, row.ls_id, { data: orderTaskData(choices, { state: 'blank' }) }, signal);
}
