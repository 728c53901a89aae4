import { toError } from '../../errors.ts';
import { setProjectProblem } from '../../store/projects.ts';
import type { Records } from '../product/contexts.ts';
import { projectProblem } from './project-problem.ts';

/**
 * After something failed: if it is that the weights of the project's version are lost, its record says so, and they are trained again from the
 * annotations that they were trained on.
 */
export async function mendVersion(product: Records, projectKey: string, thrown: unknown): Promise<void> {
  const error = toError(thrown);
  if (error.code !== 'version-lost') return;
  await setProjectProblem(product.store.db, projectKey, projectProblem(error));
  await product.queues.enqueue('train', { projectKey });
}
