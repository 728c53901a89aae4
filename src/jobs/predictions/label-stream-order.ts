import type { WaitingTask } from '../../store/predictions.ts';

/** Tasks that an annotator may open before a refresh has come to the others. */
export const SHOWN_NEXT = 20;

/**
 * The order of a refresh: first the tasks that the label stream will show next, as the project's sampling says (by number, or the most uncertain ones;
 * at random none is next), then all others as they are given.
 */
export function labelStreamOrder(waiting: readonly WaitingTask[], sampling: string | null | undefined): WaitingTask[] {
  if (sampling === 'Uniform sampling') return [...waiting];
  const byNumber = (a: WaitingTask, b: WaitingTask) => a.task - b.task;
  const byScore = (a: WaitingTask, b: WaitingTask) => (a.score ?? 0) - (b.score ?? 0) || byNumber(a, b);
  const next = waiting.toSorted(sampling === 'Uncertainty sampling' ? byScore : byNumber).slice(0, SHOWN_NEXT);
  const first = new Set(next);
  return [...next, ...waiting.filter((task) => !first.has(task))];
}
