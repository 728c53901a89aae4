import { type Progress, ProgressMeter } from './progress.ts';

const WRITE_INTERVAL_MS = 500;

/** Writes a job's progress now and then: at once, but never twice within half a second, and never two writes at a time. */
export class ProgressWriter {
  readonly #meter: ProgressMeter;
  readonly #write: (progress: Progress) => Promise<void>;
  #waiting: Progress | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, write: (progress: Progress) => Promise<void>) {
    this.#meter = new ProgressMeter(now);
    this.#write = write;
  }

  report(done: number, total: number, phase?: string): void {
    this.#waiting = this.#meter.report(done, total, phase);
    if (this.#timer === undefined) this.#flush();
  }

  /** Writes what is still waiting. Nothing may be reported afterwards. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#waiting !== undefined) await this.#write(this.#waiting);
  }

  #flush(): void {
    const progress = this.#waiting;
    if (progress === undefined) return;
    this.#waiting = undefined;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, WRITE_INTERVAL_MS).unref();
    this.#writing = (this.#writing ?? Promise.resolve()).then(() => this.#write(progress));
  }
}
