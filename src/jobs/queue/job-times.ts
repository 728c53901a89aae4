import type { JobKind } from '../../api/answers.ts';
import type { EndedJob } from '../../api/backend.ts';

/** How long jobs took that ended in this process, for whoever counts them. */
export class JobTimes {
  readonly #listeners = new Set<(job: EndedJob) => void>();

  watch(tell: (job: EndedJob) => void): void {
    this.#listeners.add(tell);
  }

  /** @param began of performance.now() */
  record(kind: JobKind, outcome: EndedJob['outcome'], began: number): void {
    const seconds = (performance.now() - began) / 1000;
    for (const tell of this.#listeners) tell({ kind, outcome, seconds });
  }
}
