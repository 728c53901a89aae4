import { listJobs } from '../store/jobs.ts';
import { requireProject, setProjectProblem } from '../store/projects.ts';
import type { ErrorRecord } from '../store/schema.ts';
import type { Product } from './product.ts';
import { projectProblem } from './project-problem.ts';

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
 * A look at the project succeeded: what an earlier one found is over. What else is wrong stays said, and what the last training said is said
 * again, which the problem of the link had hidden.
 */
export async function endLinkProblem({ store }: Product, key: string): Promise<void> {
  const { problem } = await requireProject(store.db, key);
  if (problem === null || !isLinkProblem(problem)) return;
  const [last] = await listJobs(store.db, { projectKey: key, kinds: ['train'], states: ['completed', 'failed'], limit: 1 });
  const refused = last?.error == null || isLinkProblem(last.error) ? null : projectProblem(last.error);
  await setProjectProblem(store.db, key, refused);
}
