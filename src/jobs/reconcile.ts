import { DatasetGanError, toError } from '../errors.ts';
import { deleteModelVersion, type MlBackend, type ModelVersions, modelVersions } from '../label-studio/client/model-versions.ts';
import { patchProject } from '../label-studio/client/projects.ts';
import { datasetProjectsOf } from '../store/dataset-projects.ts';
import { listJobs } from '../store/jobs.ts';
import { deletePredictions } from '../store/predictions.ts';
import { markPredictionsDeleted, supersededBefore } from '../store/project-versions.ts';
import { listProjects, requireProject, updateProject } from '../store/projects.ts';
import { json } from '../store/rows.ts';
import type { JsonObject, Project } from '../store/schema.ts';
import { ensureOrdersProject, keepsOrdersProject } from './orders/orders-project.ts';
import type { ProjectsContext, Records } from './product/contexts.ts';
import type { Product } from './product/product.ts';
import { deleteOwnWebhooks, ensureWebhook } from './projects/ensure-webhook.ts';
import { type LinkedProject, linkProject } from './projects/linked-project.ts';
import { backOff, endBackoff, endLinkProblem, isBackedOff } from './projects/project-backoff.ts';
import { projectProblem } from './projects/project-problem.ts';
import { seedToTotal } from './projects/reserve-seeds.ts';
import { reviewBackends } from './projects/review-backends.ts';
import { reviewConfig } from './projects/review-config.ts';
import { showVersion } from './projects/show-version.ts';
import { tellAnnotators } from './projects/tell-annotators.ts';
import type { JobContext } from './queue/delivery.ts';
import { reconcileDataset } from './reconcile-dataset.ts';
import { noticeChanges } from './training/notice-changes.ts';

type Reconciling = ProjectsContext & Pick<Product, 'serverId'>;

/** Polls in a row answered with 404 after which a project counts as deleted. */
const MISSES = 3;
const SUPERSEDED_FOR_MS = 24 * 3600 * 1000;
const SAMPLING = {
  uncertainty: 'Uncertainty sampling',
  next: 'Uncertainty sampling',
  sequential: 'Sequential sampling',
  uniform: 'Uniform sampling',
} as const;

/**
 * Compares what Label Studio has with what we know: one project, or each in turn. A webhook is a hint that may be lost; this is what makes
 * the loop right all the same. A project's failure is written into its record and does not keep the others from their turn.
 */
export async function reconcile(product: Reconciling, { input, signal }: JobContext<'reconcile'>): Promise<JsonObject> {
  if (input.projectKey !== undefined) return reconcileOne(product, input.projectKey, signal);
  // One that does not answer is not asked again for each of its projects.
  const down = new Map<string, DatasetGanError>();
  for (const row of await listProjects(product.store.db)) {
    if (row.state === 'gone' || isBackedOff(row, product.now())) continue;
    signal.throwIfAborted();
    const known = down.get(row.host);
    if (known !== undefined) await backOff(product, row, known);
    else await reconcileOne(product, row.key, signal, (error) => down.set(row.host, error));
  }
  return {};
}

async function reconcileOne(
  product: Reconciling,
  key: string,
  signal: AbortSignal,
  onDown: (error: DatasetGanError) => void = () => undefined,
): Promise<JsonObject> {
  const { db } = product.store;
  try {
    const linked = await linkProject(product, key, signal);
    if (linked.row.misses > 0) await updateProject(db, key, { misses: 0 });
    const state = await reconcileKind(product, linked, signal);
    if (state === 'connected') await endLinkProblem(product, key);
    await endBackoff(product, linked.row);
    await tellAnnotators(product, key, signal, linked);
    return { state };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toError(thrown);
    if (error.code === 'label-studio-gone') return { state: await missed(product, key) };
    product.log.warn({ err: error, project: key }, 'reconciling failed');
    if (error.code === 'label-studio-down') onDown(error);
    await backOff(product, await requireProject(db, key), error);
    await tellAnnotators(product, key, signal);
    return { problem: error.message };
  }
}

function reconcileKind(product: Reconciling, linked: LinkedProject, signal: AbortSignal): Promise<Project['state']> {
  switch (linked.row.kind) {
    case 'labelling':
      return reconcileLabelling(product, linked, signal);
    case 'dataset':
      return reconcileDataset(product, linked, signal);
    case 'orders':
      return reconcileOrders(product, linked);
  }
}

async function reconcileOrders(
  product: Pick<Product, 'store' | 'queues' | 'serverId'>,
  linked: LinkedProject,
): Promise<Project['state']> {
  const { row } = linked;
  if (!(await keepsOrdersProject(product, linked))) return 'gone';
  // Cheap, and it also takes up an order whose job died: no need to look first.
  await product.queues.enqueue('orders', { projectKey: row.key });
  return 'connected';
}

async function reconcileLabelling(product: Reconciling, seen: LinkedProject, signal: AbortSignal): Promise<Project['state']> {
  const { db } = product.store;
  const { row, connection } = seen;
  const versions = await modelVersions(connection, row.ls_id, signal);
  const backend = await reviewBackends(product, seen, versions.backends, signal);
  if (backend === undefined) return disconnect(product, seen, versions.backends);
  const linked = { ...seen, row: await requireProject(db, row.key) };
  const { labelsChanged } = await reviewConfig(product, linked);
  await setSampling(linked, signal);
  if (linked.row.extra.orders === true) await ensureOrdersProject(product, connection, signal);
  await seedToTotal(product, row.key);
  if (labelsChanged) await product.queues.enqueue('train', { projectKey: row.key });
  await noticeChanges(product, linked, [row.key], signal);
  await resumeRefresh(product, row.key);
  await showVersion(product, row.key, signal);
  await deleteSuperseded(product, linked, versions, signal);
  // Last: without a webhook everything else still works, a minute later.
  await ensureWebhook(product, linked, signal);
  return 'connected';
}

/** No backend row leads to us now: we stop, take our webhooks away, and keep the versions. */
async function disconnect(
  product: Records,
  { row, connection }: LinkedProject,
  others: readonly MlBackend[],
): Promise<Project['state']> {
  await deleteOwnWebhooks(product, { row, connection });
  for (const dataset of await datasetProjectsOf(product.store.db, row.key))
    await product.queues.enqueue('reconcile', { projectKey: dataset.key });
  const urls = others.map(({ url }) => url).join(', ');
  const problem = new DatasetGanError(
    'disconnected',
    others.length === 0
      ? `Label Studio has no model connected in project ${row.ls_id}.`
      : `Label Studio called the models of project ${row.ls_id} (${urls}), but no call reached this server.`,
    {
      fix: `Connect it ${others.length === 0 ? 'again' : 'at an address that reaches this server'} in Settings → Model. Its versions are kept.`,
    },
  );
  await updateProject(product.store.db, row.key, {
    state: 'disconnected',
    problem: json(projectProblem(problem)),
  });
  await cancelJobs(product, row.key, ['seed', 'read', 'train', 'refresh', 'validate']);
  return 'disconnected';
}

async function missed(product: Records, key: string): Promise<Project['state']> {
  const row = await requireProject(product.store.db, key);
  const misses = row.misses + 1;
  if (misses < MISSES) {
    await updateProject(product.store.db, key, { misses });
    await product.queues.enqueue('reconcile', { projectKey: key }, { startAfter: 5 });
    return row.state;
  }
  await updateProject(product.store.db, key, { misses, state: 'gone' });
  await cancelJobs(product, key);
  return 'gone';
}

async function cancelJobs(product: Records, projectKey: string, kinds?: readonly string[]): Promise<void> {
  const jobs = await listJobs(product.store.db, {
    projectKey,
    states: ['queued', 'running'],
    kinds,
  });
  for (const { id, kind } of jobs) if (kind !== 'reconcile') await product.queues.cancel(id);
}

async function setSampling({ row, connection, found }: LinkedProject, signal: AbortSignal): Promise<void> {
  const asked = SAMPLING[row.extra.sampling as keyof typeof SAMPLING];
  if (asked !== undefined && found.sampling !== asked) await patchProject(connection, row.ls_id, { sampling: asked }, signal);
}

/** A refresh that failed for good, or was lost, is requested again. */
async function resumeRefresh(product: Records, key: string): Promise<void> {
  const { current_version: version, refreshed_version: refreshed } = await requireProject(product.store.db, key);
  if (version === null || version === refreshed) return;
  const running = await listJobs(product.store.db, {
    projectKey: key,
    kinds: ['refresh', 'train'],
    states: ['queued', 'running'],
  });
  if (running.length === 0) await product.queues.enqueue('refresh', { projectKey: key, versionId: version });
}

/**
 * Predictions of a version are deleted a day after it was superseded: an editor that was open at the swap can still submit. Only while a
 * version is shown, since Label Studio empties project.model_version when it is the backend's title.
 */
async function deleteSuperseded(
  product: Pick<Product, 'store' | 'now'>,
  { row, connection }: LinkedProject,
  versions: ModelVersions,
  signal: AbortSignal,
): Promise<void> {
  const { db } = product.store;
  const now = await requireProject(db, row.key);
  if (now.shown_version === null || now.shown_version === now.backend_title || now.refreshed_version !== now.current_version)
    return;
  for (const { project_key: key, version_id: version } of await supersededBefore(
    db,
    new Date(product.now() - SUPERSEDED_FOR_MS),
  )) {
    if (key !== row.key || version === now.current_version) continue;
    if (versions.predictions.some((stored) => stored.version === version))
      await deleteModelVersion(connection, row.ls_id, version, signal);
    await deletePredictions(db, row.key, version);
    await markPredictionsDeleted(db, row.key, version);
  }
}
