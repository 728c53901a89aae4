import { setTimeout as sleep } from 'node:timers/promises';
import { requireProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { isSwapExpected, trainingUnderWay } from '../projects/expected-swap.ts';

const POLL_INTERVAL_MS = 50;
/** The answer itself takes this long at most. */
const ANSWER_MS = 1000;

/**
 * Waits for the version that is about to replace the project's current one. Label Studio's label stream opens the next task about a second after a
 * submit and does not ask again: without the wait it would show what the old version says, or nothing. Waits only while a training is under way that
 * should be done within PREDICT_WAIT, and never longer.
 * @param deadline milliseconds since the epoch: when the answer must be ready
 */
export async function awaitSwap(
  product: Pick<PredictionsContext, 'store' | 'settings' | 'now'>,
  project: Project,
  deadline: number,
): Promise<void> {
  const limit = Math.min(product.now() + product.settings.predictWaitMs, deadline - ANSWER_MS);
  if (!(await isSwapExpected(product, project, limit))) return;
  while (product.now() < limit) {
    await sleep(POLL_INTERVAL_MS);
    const { current_version: current } = await requireProject(product.store.db, project.key);
    if (current !== project.current_version || (await trainingUnderWay(product, project.key)) === undefined) return;
  }
}
