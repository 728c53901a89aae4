import type { DatasetGanError } from '../../errors.ts';
import { listJobs } from '../../store/jobs.ts';
import { requireProject, setProjectProblem, updateProject } from '../../store/projects.ts';
import type { ErrorRecord } from '../../store/records.ts';
import type { Project } from '../../store/schema.ts';
import type { Records } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { projectProblem } from './project-problem.ts';

const FIRST_BACKOFF_SECONDS = 60;
const LONGEST_BACKOFF_SECONDS = 600;

/** Seconds until the next request to a project after the n-th failure in a row (n from 1): 1, 2, 4, 8, at most 10 minutes. */
export function backoffSeconds(failures: number): number {
  return Math.min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (failures - 1));
}

/**
 * Whether the project is left alone for now. The reconciler comes by once a minute, so half a minute early is not asked for twice.
 */
export function isBackedOff({ rest_until: until }: Pick<Project, 'rest_until'>, now: number): boolean {
  return until !== null && until.getTime() - now > (FIRST_BACKOFF_SECONDS / 2) * 1000;
}

/** Writes a failure into the project's record, and leaves the project alone for a while: longer each time, until something succeeds. */
export async function backOff(
  product: Pick<Product, 'store' | 'now'>,
  { key, failures }: Project,
  error: DatasetGanError,
): Promise<void> {
  const seconds = backoffSeconds(failures + 1);
  const again = `The server retries ${seconds === FIRST_BACKOFF_SECONDS ? 'in a minute' : `in ${seconds / 60} minutes`}, or as soon as the project calls.`;
  await updateProject(product.store.db, key, { failures: failures + 1, rest_until: new Date(product.now() + seconds * 1000) });
  await setProjectProblem(product.store.db, key, { ...projectProblem(error), again });
}

/** The project's Label Studio answers: the next failure is the first one again. */
export async function endBackoff(product: Pick<Product, 'store'>, { key, failures }: Project): Promise<void> {
  if (failures > 0) await updateProject(product.store.db, key, { failures: 0, rest_until: null });
}

/** The project called by itself, so its Label Studio is up: it is looked at now. */
export async function retryNow(product: Records, project: Project): Promise<void> {
  if (project.failures === 0) return;
  await endBackoff(product, project);
  await product.queues.enqueue('reconcile', { projectKey: project.key });
}

/** Problems that are over once a look at the project succeeds; a refused training is not one of them. */
const LINK_PROBLEMS = new Set([
  'disconnected',
  'label-studio-down',
  'label-studio-error',
  'label-studio-unauthorized',
  'bad-token',
  'wrong-server',
  'bad-label-config',
]);

export const isLinkProblem = ({ code, again }: ErrorRecord) => LINK_PROBLEMS.has(code) || again !== undefined;

/**
 * A look at the project succeeded: what an earlier one found is over. Other problems stay recorded, and the result of the last training is recorded
 * again, which the problem of the link had hidden.
 */
export async function endLinkProblem({ store }: Pick<Product, 'store'>, key: string): Promise<void> {
  const { problem } = await requireProject(store.db, key);
  if (problem === null || !isLinkProblem(problem)) return;
  const [last] = await listJobs(store.db, { projectKey: key, kinds: ['train'], states: ['completed', 'failed'], limit: 1 });
  const refused = last?.error == null || isLinkProblem(last.error) ? null : projectProblem(last.error);
  await setProjectProblem(store.db, key, refused);
}
