import { z } from 'zod';
import type { DatasetOrder } from '../../api/requests.ts';
import { DatasetGanError, type ErrorCode, inOneLine } from '../../errors.ts';
import { FORMAT_NAMES, requireFormatName } from '../../export/format-names.ts';
import { canonicalJson } from '../../interpreter/canonical-json.ts';
import { ANNOTATION, type Annotation, annotationMarks, readAnnotations } from '../../label-studio/client/annotations.ts';
import { createTask, deleteTask, listTasks, patchTask, type Task } from '../../label-studio/client/tasks.ts';
import type { OrderStatus } from '../../label-studio/orders-form/order-status.ts';
import { type OrderChoices, orderTaskData } from '../../label-studio/orders-form/orders-form.ts';
import { type OrderForm, parseOrder } from '../../label-studio/orders-form/parse-order.ts';
import { getDataset } from '../../store/datasets.ts';
import { listOrders, updateOrder, upsertOrder } from '../../store/orders.ts';
import type { OrderRefusal } from '../../store/records.ts';
import { json } from '../../store/rows.ts';
import type { JsonObject, Order, Project } from '../../store/schema.ts';
import { stopDataset } from '../datasets/plan/dataset-control.ts';
import { orderDataset } from '../datasets/plan/order-dataset.ts';
import type { OrdersContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { ensureWebhook } from '../projects/ensure-webhook.ts';
import { type LinkedProject, linkProject } from '../projects/linked-project.ts';
import type { JobContext } from '../queue/delivery.ts';
import { orderChoices, sourceProjects } from './order-choices.ts';
import { type OrderCheck, takenOrderStatus } from './taken-order-status.ts';

/** Seconds between two looks while an order is open: its state in the task is never much older. */
const POLL_INTERVAL_SECONDS = 5;
const BODY = z.object({ tasks: z.array(z.object({ id: z.number(), annotations: z.array(ANNOTATION) })) });
const ENDED = new Set(['completed', 'failed', 'cancelled']);
/** Errors that the person who orders must hear of, although they are the server's. */
const IMPOSSIBLE = new Set<ErrorCode>(['disk-full', 'out-of-memory']);

/**
 * Looks at the tasks of an orders project: takes new orders, writes states back, cancels what was deleted, and sees to it that there is
 * exactly one blank order. An order is (task, first annotation that is not skipped): submitting twice, a restart or a lost event make one
 * dataset, because the order and its dataset are recorded in one transaction.
 */
export async function checkOrders(product: OrdersContext, { input, signal }: JobContext<'orders'>): Promise<JsonObject> {
  const linked = await linkProject(product, input.projectKey, signal);
  const { row, connection } = linked;
  await ensureWebhook(product, linked, signal);
  const sources = await sourceProjects(product.store.db, row.host);
  const choices = await orderChoices(product.store.db, row.host, sources);
  const tasks = await Array.fromAsync(listTasks(connection, row.ls_id, { fields: ['data'], signal }));
  const forms = await submittedForms(linked, signal);
  const orders = new Map((await listOrders(product.store.db, row.key)).map((order) => [order.task_id, order]));

  const check: Check = { product, linked, sources, signal };
  const statuses = new Map<Task, OrderStatus>();
  for (const task of tasks) statuses.set(task, await orderStatus(check, task.id, forms.get(task.id) ?? [], orders.get(task.id)));
  const present = new Set(tasks.map(({ id }) => id));
  for (const order of orders.values()) if (!present.has(order.task_id)) await withdraw(product, order);

  for (const [task, status] of statuses) {
    const data = { ...orderTaskData(choices, status), ...(isTaken(status) ? choicesOf(task) : {}) };
    // Where Label Studio's database is a PostgreSQL, the order of keys is lost.
    if (canonicalJson(task.data ?? {}) !== canonicalJson(data)) await patchTask(connection, task.id, { data }, signal);
  }
  await keepOneBlank(linked, choices, statuses, signal);
  const open = [...statuses.values()].filter(({ state }) => state === 'queued' || state === 'running').length;
  if (open > 0) await product.queues.enqueue('orders', { projectKey: row.key }, { startAfter: POLL_INTERVAL_SECONDS });
  return { tasks: tasks.length, open };
}

interface Check extends OrderCheck {
  readonly sources: readonly Project[];
}

const isTaken = ({ state }: OrderStatus) => state !== 'blank' && state !== 'problem';

/** What there was to choose from when the order was taken: its task is not touched whenever a version is trained. */
function choicesOf({ data = {} }: Task): Record<string, unknown> {
  const { projects, versions, destinations, labels } = data;
  return Object.fromEntries(
    Object.entries({ projects, versions, destinations, labels }).filter(([, value]) => value !== undefined),
  );
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
  check: Check,
  task: number,
  forms: readonly Annotation[],
  order: Order | undefined,
): Promise<OrderStatus> {
  const [form] = forms;
  if (order?.dataset_id != null) {
    const deleted = !forms.some(({ id }) => id === order.annotation_id);
    if (deleted) await withdraw(check.product, order);
    return takenOrderStatus(check, order, deleted, forms);
  }
  if (form === undefined) return { state: 'blank' };
  // Whatever has changed since then: nobody expects an order that was refused to be carried out by itself.
  const refused = order?.refusal;
  if (refused?.annotation === form.id && refused.updatedAt === form.updated_at) return { state: 'problem', lines: refused.lines };
  const parsed = parseOrder(form.result);
  if ('problems' in parsed) return refuse(check, task, form, parsed.problems);
  try {
    return takenOrderStatus(check, await place(check, task, form.id, parsed.order), false, forms);
  } catch (error) {
    if (!(error instanceof DatasetGanError) || (error.status >= 500 && !IMPOSSIBLE.has(error.code))) throw error;
    return refuse(check, task, form, [inOneLine(error)]);
  }
}

/** The refusal stands until its annotation is changed. */
async function refuse(
  { product, linked }: Check,
  task: number,
  form: Annotation,
  lines: readonly string[],
): Promise<OrderStatus> {
  const refusal: OrderRefusal = { annotation: form.id, updatedAt: form.updated_at, lines };
  await upsertOrder(product.store.db, {
    orders_project_key: linked.row.key,
    task_id: task,
    annotation_id: form.id,
    state: 'problem',
    status: '',
    refusal: json(refusal),
  });
  return { state: 'problem', lines };
}

async function place({ product, linked, sources }: Check, task: number, annotation: number, form: OrderForm): Promise<Order> {
  const { source: id, formats, ...rest } = form;
  const source = sources.find(({ ls_id: own }) => own === id);
  if (source === undefined) {
    throw new DatasetGanError('unknown-project', `Project ${id} is not connected to DatasetGAN.`, {
      fix: 'Choose another source project.',
    });
  }
  // What the form has chosen beforehand asks for nothing: where it does not fit, the order gets what does.
  const asked = formats?.join() === FORMAT_NAMES[0] ? undefined : formats?.map(requireFormatName);
  const wanted: DatasetOrder = { ...rest, ...(asked === undefined ? {} : { formats: asked }) };
  const orders = linked.row.key;
  let placed: Order | undefined;
  await orderDataset(product, source.key, wanted, { door: 'orders', project: orders, task }, async (db, dataset) => {
    placed = await upsertOrder(db, {
      orders_project_key: orders,
      task_id: task,
      annotation_id: annotation,
      dataset_id: dataset.id,
      state: 'queued',
      status: '',
      refusal: null,
    });
  });
  return placed!;
}

/** The annotation or the task of an order was deleted: that cancels it, unless it is done. */
async function withdraw(product: Pick<Product, 'store' | 'queues' | 'now'>, order: Order): Promise<void> {
  if (order.dataset_id === null || ENDED.has(order.state)) return;
  const dataset = await getDataset(product.store.db, order.dataset_id);
  if (dataset !== undefined) await stopDataset(product, dataset.id, 'cancelled');
  await updateOrder(product.store.db, order, { state: 'cancelled' });
}

async function keepOneBlank(
  { row, connection }: LinkedProject,
  choices: OrderChoices,
  statuses: ReadonlyMap<Task, OrderStatus>,
  signal: AbortSignal,
): Promise<void> {
  const blank = [...statuses].filter(([, { state }]) => state === 'blank').map(([task]) => task);
  for (const { id } of blank.slice(1)) await deleteTask(connection, id, signal);
  if (blank.length === 0) await createTask(connection, row.ls_id, { data: orderTaskData(choices, { state: 'blank' }) }, signal);
}
