import { setProjectProblem } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';

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

/** Label Studio could be asked: a problem of the link is over. What else is wrong with the project stays said. */
export async function endLinkProblem(product: Product, { key, problem }: Project): Promise<void> {
  if (LINK_PROBLEMS.has(problem?.code ?? '')) await setProjectProblem(product.store.db, key, null);
}
