import { DatasetGanError } from '../errors.ts';
import { FORMAT_NAMES, requireFormat } from '../export/formats.ts';
import type { Connection } from '../label-studio/client/connection.ts';
import { createProject } from '../label-studio/client/create-project.ts';
import { getProject } from '../label-studio/client/get-project.ts';
import { listProjects as listLabelStudioProjects } from '../label-studio/client/list-projects.ts';
import { patchProject } from '../label-studio/client/patch-project.ts';
import { type Project as LabelStudioProject, projectUid } from '../label-studio/client/project.ts';
import { createView, listViewTitles } from '../label-studio/client/views.ts';
import { HIDDEN_COLUMNS, ordersLabelConfig } from '../label-studio/orders-form/orders-form.ts';
import { listProjects, projectKey, updateProject, upsertProject } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';

const TITLE = 'DatasetGAN orders';
/** The tab of the list of orders. */
const VIEW = 'Orders';
export const ORDERS_LABEL_CONFIG = ordersLabelConfig(FORMAT_NAMES.map((name) => ({ name, title: requireFormat(name).title })));
/** Also how the project is found again, should we die between making it and writing it down. */
const DESCRIPTION = 'Each task is an order for a labelled dataset: fill in its form and submit. (DatasetGAN orders project)';

const making = new Map<string, Promise<Project>>();

/**
 * The orders project of a Label Studio: one for each, made on first request, its form brought up to date. Its tasks are looked after by the
 * `orders` job.
 */
export function ensureOrdersProject(product: Product, connection: Connection, signal?: AbortSignal): Promise<Project> {
  const running = making.get(connection.base);
  if (running !== undefined) return running;
  const promise = ensure(product, connection, signal).finally(() => making.delete(connection.base));
  making.set(connection.base, promise);
  return promise;
}

async function ensure(product: Product, connection: Connection, signal?: AbortSignal): Promise<Project> {
  const { db } = product.store;
  const projects = await listProjects(db);
  const known = projects.find(({ host, kind, state }) => host === connection.base && kind === 'orders' && state !== 'gone');
  if (known !== undefined) {
    const project = await find(connection, known.ls_id, signal);
    if (project !== undefined) {
      await bringUpToDate(connection, project, signal);
      return known;
    }
    await updateProject(db, known.key, { state: 'gone' });
  }
  const callback = projects.find(({ host, callback_url: url }) => host === connection.base && url !== null)?.callback_url ?? null;
  const found = (await findByDescription(connection, signal)) ?? (await make(connection, signal));
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

async function find(connection: Connection, id: number, signal?: AbortSignal): Promise<LabelStudioProject | undefined> {
  try {
    return await getProject(connection, id, signal);
  } catch (error) {
    if (error instanceof DatasetGanError && error.code === 'label-studio-gone') return undefined;
    throw error;
  }
}

/** The form of this release, and a tab without the columns that only the form needs: Label Studio's own first tab would show its HTML. */
async function bringUpToDate(connection: Connection, project: LabelStudioProject, signal?: AbortSignal): Promise<void> {
  if (project.label_config !== ORDERS_LABEL_CONFIG)
    await patchProject(connection, project.id, { label_config: ORDERS_LABEL_CONFIG }, signal);
  if (!(await listViewTitles(connection, project.id, signal)).includes(VIEW))
    await createView(connection, project.id, { title: VIEW, hidden: HIDDEN_COLUMNS }, signal);
}

function make(connection: Connection, signal?: AbortSignal): Promise<LabelStudioProject> {
  const settings = {
    title: TITLE,
    description: DESCRIPTION,
    label_config: ORDERS_LABEL_CONFIG,
    show_collab_predictions: false,
    maximum_annotations: 1,
  };
  return createProject(connection, settings, signal);
}

async function findByDescription(connection: Connection, signal?: AbortSignal): Promise<LabelStudioProject | undefined> {
  for await (const project of listLabelStudioProjects(connection, signal))
    if (project.description === DESCRIPTION) return project;
  return undefined;
}
