interface Waiting {
  readonly rank: number;
  start(): void;
}

/**
 * Lets only so many loads run at once, the lowest rank first, then in order of arrival. A browser opens six connections to a server; the rest of the page
 * needs some of them.
 */
export class Loads {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws what `load` throws; the signal's reason if it is aborted before its turn */
  async run<T>(rank: number, signal: AbortSignal, load: () => Promise<T>): Promise<T> {
    await this.#turn(rank, signal);
    try {
      return await load();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(rank: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        rank,
        start: () => {
          signal.removeEventListener('abort', leave);
          this.#running++;
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const at = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, waiting);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#most) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.start();
    }
  }
}
