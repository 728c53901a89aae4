import { isError } from '../../errors.ts';
import { FORMAT_NAMES } from '../../export/format-names.ts';
import { requireFormat } from '../../export/formats.ts';
import {
  createProject,
  getProject,
  type Project as LabelStudioProject,
  listProjects as listLabelStudioProjects,
  patchProject,
  projectUid,
} from '../../label-studio/client/projects.ts';
import { createView, listViewTitles, type ViewDraft } from '../../label-studio/client/tabs.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import { FORM_DATA, ordersLabelConfig } from '../../label-studio/orders-form/orders-form.ts';
import { listProjects, projectKey, updateProject, upsertProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { Product } from '../product/product.ts';
import { deleteOwnWebhooks } from '../projects/ensure-webhook.ts';
import type { LinkedProject } from '../projects/linked-project.ts';

const TITLE = 'DatasetGAN orders';
/** Characters that Label Studio takes. */
const LONGEST_TITLE = 50;
/** The tab of the list of orders, without what says nothing of an order. */
const VIEW: ViewDraft = {
  title: 'Orders',
  shown: ['id', 'completed_at', 'annotators', 'created_at'],
  hiddenData: FORM_DATA,
};
const ORDERS_LABEL_CONFIG = ordersLabelConfig(FORMAT_NAMES.map((name) => ({ name, title: requireFormat(name).title })));
const PURPOSE = 'Each task is an order for a labelled dataset. Fill in its form and submit.';
/** Before servers had ids. */
const DESCRIPTION_WITHOUT_OWNER = `${PURPOSE} (DatasetGAN orders project)`;
const OWNER = /\(DatasetGAN server ([0-9a-f-]{36})\)/;

/**
 * By the server's id in it, the project is found again if we die between creating and recording it; and those of other servers, which
 * may be at the same Label Studio, are told from it.
 */
export function ordersDescription(serverId: string): string {
  return `${PURPOSE} (DatasetGAN server ${serverId})`;
}

/** Id of the server whose orders a project holds; null: nobody says so. */
export function ordersOwner(description: string | null | undefined): string | null {
  return OWNER.exec(description ?? '')?.[1] ?? null;
}

const making = new Map<string, Promise<Project>>();

/**
 * Our orders project in a Label Studio: one for each, made on first request, its form brought up to date. Its tasks are looked after by the
 * `orders` job.
 */
export function ensureOrdersProject(
  product: Pick<Product, 'store' | 'queues' | 'serverId'>,
  connection: Connection,
  signal?: AbortSignal,
): Promise<Project> {
  const running = making.get(connection.base);
  if (running !== undefined) return running;
  const promise = ensure(product, connection, signal).finally(() => making.delete(connection.base));
  making.set(connection.base, promise);
  return promise;
}

/**
 * Whether an orders project that we know is still ours. Two servers may have shared one before it carried an id: then it belongs to the one that
 * wrote its id first, and the other lets go of it, with its webhooks.
 */
export async function keepsOrdersProject(
  product: Pick<Product, 'store' | 'serverId'>,
  { row, connection, found }: LinkedProject,
  signal?: AbortSignal,
): Promise<boolean> {
  const owner = ordersOwner(found.description);
  if (owner !== null && owner !== product.serverId) {
    await deleteOwnWebhooks(product, { row, connection });
    await updateProject(product.store.db, row.key, { state: 'gone' });
    return false;
  }
  if (found.description === DESCRIPTION_WITHOUT_OWNER)
    await patchProject(connection, row.ls_id, { description: ordersDescription(product.serverId) }, signal);
  return true;
}

async function ensure(
  product: Pick<Product, 'store' | 'queues' | 'serverId'>,
  connection: Connection,
  signal?: AbortSignal,
): Promise<Project> {
  const { db } = product.store;
  const projects = await listProjects(db);
  const known = projects.find(({ host, kind, state }) => host === connection.base && kind === 'orders' && state !== 'gone');
  if (known !== undefined) {
    const found = await find(connection, known, signal);
    if (found === undefined) await updateProject(db, known.key, { state: 'gone' });
    else if (await keepsOrdersProject(product, { row: known, connection, found }, signal)) {
      await bringUpToDate(connection, found, signal);
      return known;
    }
  }
  const connected = projects.filter(({ host, kind }) => host === connection.base && kind === 'labelling');
  const callback = connected.find(({ callback_url: url }) => url !== null)?.callback_url ?? null;
  const there = await Array.fromAsync(listLabelStudioProjects(connection, signal));
  const made = there.find(({ description }) => ordersOwner(description) === product.serverId);
  const found = made ?? (await make(product, connection, titleBeside(there, callback), signal));
  await bringUpToDate(connection, found, signal);
  const createdAtUnix = Number(projectUid(found).split('.')[1]);
  const key = projectKey({ host: connection.base, lsId: found.id, createdAtUnix });
  const row = await upsertProject(db, {
    key,
    host: connection.base,
    ls_id: found.id,
    created_at_unix: createdAtUnix,
    title: found.title,
    kind: 'orders',
    state: 'connected',
    label_config: ORDERS_LABEL_CONFIG,
    callback_url: callback,
  });
  await product.queues.enqueue('orders', { projectKey: key });
  return row;
}

/** Where another server has one of that title, ours says whose it is. */
function titleBeside(there: readonly LabelStudioProject[], callback: string | null): string {
  const taken = there.some(({ title }) => title === TITLE);
  return taken && callback !== null ? `${TITLE}, ${new URL(callback).host}`.slice(0, LONGEST_TITLE) : TITLE;
}

/** undefined: it was deleted, or the number is that of another project now. */
async function find(
  connection: Connection,
  { ls_id: id, created_at_unix: createdAt }: Project,
  signal?: AbortSignal,
): Promise<LabelStudioProject | undefined> {
  try {
    const found = await getProject(connection, id, signal);
    return projectUid(found) === `${id}.${createdAt}` ? found : undefined;
  } catch (error) {
    if (isError(error, 'label-studio-gone')) return undefined;
    throw error;
  }
}

/** The form of this release, and a tab without the columns that only the form needs: Label Studio's own first tab would show its HTML. */
async function bringUpToDate(connection: Connection, project: LabelStudioProject, signal?: AbortSignal): Promise<void> {
  if (project.label_config !== ORDERS_LABEL_CONFIG)
    await patchProject(connection, project.id, { label_config: ORDERS_LABEL_CONFIG }, signal);
  if (!(await listViewTitles(connection, project.id, signal)).includes(VIEW.title))
    await createView(connection, project.id, VIEW, signal);
}

function make(
  { serverId }: Pick<Product, 'serverId'>,
  connection: Connection,
  title: string,
  signal?: AbortSignal,
): Promise<LabelStudioProject> {
  const settings = {
    title,
    description: ordersDescription(serverId),
    label_config: ORDERS_LABEL_CONFIG,
    show_collab_predictions: false,
    maximum_annotations: 1,
  };
  return createProject(connection, settings, signal);
}
