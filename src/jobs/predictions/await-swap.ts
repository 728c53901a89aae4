import { setTimeout as sleep } from 'node:timers/promises';
import { listJobs } from '../../store/jobs.ts';
import { requireProject } from '../../store/projects.ts';
import type { JobRow, Project } from '../../store/schema.ts';
import { getVersion } from '../../store/versions.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { recordOf } from '../product/version-record.ts';

const POLL_INTERVAL_MS = 50;
/** From the request to the swap, a training takes this long beside its own seconds: reading the annotations, storing the version, showing it. */
const AROUND_TRAINING_MS = 1000;

/**
 * Waits for the version that is about to replace the project's current one. Label Studio's label stream opens the next task about a second after a
 * submit and does not ask again: without the wait it would show what the old version says, or nothing. Waits only while a training is under way that
 * should be done within PREDICT_WAIT, and never longer.
 * @param deadline milliseconds since the epoch: when the answer must be ready
 * @returns the project as it is then
 */
export async function awaitSwap(
  product: Pick<PredictionsContext, 'store' | 'settings' | 'now'>,
  project: Project,
  deadline: number,
): Promise<Project> {
  const { db } = product.store;
  const limit = Math.min(product.now() + product.settings.predictWaitMs, deadline - AROUND_TRAINING_MS);
  const [job] = await trainingsOf(product, project.key);
  if (job === undefined || (await expectedEnd(product, project, job)) > limit) return project;
  while (product.now() < limit) {
    await sleep(POLL_INTERVAL_MS);
    const now = await requireProject(db, project.key);
    if (now.current_version !== project.current_version || (await trainingsOf(product, project.key)).length === 0) return now;
  }
  return project;
}

function trainingsOf({ store }: Pick<PredictionsContext, 'store'>, projectKey: string): Promise<JobRow[]> {
  return listJobs(store.db, { projectKey, kinds: ['train'], states: ['queued', 'running'], limit: 1 });
}

/** By the training before, which had about as many pictures; now where there was none. */
async function expectedEnd(
  { store, now }: Pick<PredictionsContext, 'store' | 'now'>,
  { current_version: version }: Project,
  { started_at: started }: JobRow,
): Promise<number> {
  const before = version === null ? undefined : await getVersion(store.db, version);
  if (before === undefined) return now();
  return (started?.getTime() ?? now()) + 1000 * recordOf(before).seconds.total + AROUND_TRAINING_MS;
}
