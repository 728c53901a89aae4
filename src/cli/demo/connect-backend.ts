import { setTimeout as wait } from 'node:timers/promises';
import type { ProjectDetail, ProjectSummary } from '../../api/answers.ts';
import { DatasetGanError, isError } from '../../errors.ts';
import { sameAddress } from '../../jobs/projects/our-backends.ts';
import { createMlBackend, deleteMlBackend } from '../../label-studio/client/ml-backends.ts';
import { modelVersions } from '../../label-studio/client/model-versions.ts';
import { deleteWebhook, listWebhooks } from '../../label-studio/client/webhooks.ts';
import { AnswerError } from '../../label-studio/connection/failure.ts';
import type { Settings } from '../../settings.ts';
import { describeJob } from '../describe-job.ts';
import { type DemoProject, projectDetail } from './demo-project.ts';

const BACKEND_TITLE = 'DatasetGAN demo';
const POLL_INTERVAL_MS = 500;
/** A problem may pass by itself: the server looks again within a minute. */
const TIMEOUT_MS = 90_000;

/**
 * Connects our server as the project's ML backend, unless it is, and asks it for tasks and for the orders project. A row that the demo made under
 * an address it no longer has is replaced. Gives whether there was something to do.
 * @throws DatasetGanError that says how to let Label Studio reach us
 */
export async function connectBackend(
  { connection, id, api, path }: DemoProject,
  { url, tasks, basicAuth }: { readonly url: string; readonly tasks: number } & Pick<Settings, 'basicAuth'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { backends } = await modelVersions(connection, id, signal);
  const known = (await api.get<ProjectSummary[]>('/api/projects')).some(
    (project) => path.endsWith(encodeURIComponent(`${project.host}|${project.id}`)) && project.state !== 'gone',
  );
  if (known && backends.some((backend) => sameAddress(backend.url, url))) return false;
  const stale = backends.filter(({ title }) => title === BACKEND_TITLE);
  for (const backend of stale) await deleteMlBackend(connection, backend.id, signal);
  try {
    const extra = { seed_tasks: tasks, orders: true };
    const login =
      basicAuth === null
        ? {}
        : { auth_method: 'BASIC_AUTH' as const, basic_auth_user: basicAuth.user, basic_auth_pass: basicAuth.pass };
    await createMlBackend(connection, id, { url, title: BACKEND_TITLE, extra_params: extra, ...login }, signal);
  } catch (thrown) {
    if (!(thrown instanceof AnswerError) || thrown.fix !== undefined) throw thrown;
    // Its words end in a link to its guide and a Python exception.
    const words = thrown.detail.replace(/\s*(Make sure|<a ).*$/s, '');
    throw new DatasetGanError('label-studio-error', `Label Studio cannot connect to this server at ${url}: ${words}`, {
      fix: 'Set CALLBACK_URL to the address at which that Label Studio reaches this machine (from its container: http://host.docker.internal:9090). If that is not loopback, set HOST=0.0.0.0.',
      cause: thrown,
    });
  }
  // Now, since our server makes the webhook again as long as it goes by the old address.
  for (const hook of await listWebhooks(connection, id, signal))
    if (stale.some((backend) => backend.url !== url && hook.url.startsWith(`${backend.url}/`)))
      await deleteWebhook(connection, hook.id, signal);
  return true;
}

/**
 * Waits until the project is connected and has that many tasks. Where an earlier run's seeding was given up, the rest is asked for again.
 * @throws DatasetGanError what the seeding failed with, or the project's problem when it does not pass
 */
export async function waitForTasks(
  project: DemoProject,
  tasks: number,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const patience = Date.now() + TIMEOUT_MS;
  for (let first = true; ; first = false) {
    const { state, seededTasks, problem, jobs } = await projectDetail(project).catch(notYetKnown);
    if (state === 'connected' && seededTasks >= tasks) return;
    const job = jobs.find(({ kind }) => kind === 'seed');
    if (job?.state === 'failed' || job?.state === 'cancelled') {
      if (first) await project.api.post(`${project.path}/seed`, { count: tasks - seededTasks });
      else if (job.error !== undefined) throw DatasetGanError.fromBody(job.error);
    }
    if (problem !== null && Date.now() > patience) throw new DatasetGanError('label-studio-error', problem);
    tell(problem ?? (job === undefined ? state : describeJob(job)));
    await wait(POLL_INTERVAL_MS, undefined, { signal });
  }
}

/** Our server looks at Label Studio after it was connected, and knows the project a second later. */
function notYetKnown(thrown: unknown): Pick<ProjectDetail, 'state' | 'seededTasks' | 'problem' | 'jobs'> {
  if (!isError(thrown, 'unknown-project')) throw thrown;
  return { state: 'connecting', seededTasks: 0, problem: null, jobs: [] };
}
