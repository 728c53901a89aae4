export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Items a second over the last minute; null until two reports tell it. */
  readonly rate: number | null;
  /** Seconds left at that rate; null when it is unknown. */
  readonly eta: number | null;
  /** What the job is at; null where it does one thing only. `done` and `total` are of the phase. */
  readonly phase: string | null;
}

const WINDOW_MS = 60_000;
const MIN_GAP_MS = 100;

/**
 * Turns reports of "done of total" into a rate and the time left: rate = (done − done₀) / (t − t₀), with (t₀, done₀) the oldest report
 * of the last minute (or the last one before it, so that slow items are still measured).
 */
export class ProgressMeter {
  readonly #now: () => number;
  #reports: { time: number; done: number }[] = [];
  #phase: string | null = null;

  /** @param now milliseconds; any origin */
  constructor(now: () => number) {
    this.#now = now;
  }

  report(done: number, total: number, phase: string | null = null): Progress {
    const time = this.#now();
    // A new phase counts from 0; so does a job that goes on where it was.
    if (phase !== this.#phase || done < (this.#reports.at(-1)?.done ?? 0)) this.#reports = [];
    this.#phase = phase;
    while (this.#reports.length > 1 && this.#reports[1]!.time <= time - WINDOW_MS) this.#reports.shift();
    const oldest = this.#reports[0];
    const last = this.#reports.at(-1);
    if (last === undefined || time - last.time >= MIN_GAP_MS) this.#reports.push({ time, done });
    if (oldest === undefined || time === oldest.time || done === oldest.done)
      return { done, total, rate: null, eta: null, phase };
    const rate = (1000 * (done - oldest.done)) / (time - oldest.time);
    return { done, total, rate, eta: Math.max(0, total - done) / rate, phase };
  }
}
