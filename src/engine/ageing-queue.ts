/** Waiting raises a priority by one a second, up to this. What is above is urgent from the start, and nothing that waits gets ahead of it. */
export const MOST_BY_AGE = 49;

interface Entry<T> {
  readonly item: T;
  readonly priority: number;
  /** Milliseconds of the clock. */
  readonly since: number;
}

/**
 * What waits for its turn, highest priority first, then in order of arrival. A priority below MOST_BY_AGE rises while its item waits. So a stream of
 * more important items delays any other one by seconds, never for as long as the stream lasts.
 */
export class AgeingQueue<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get length(): number {
    return this.#entries.length;
  }

  add(item: T, priority: number): void {
    this.#entries.push({ item, priority, since: this.#now() });
  }

  /** Whose turn it is; it stays in the queue. */
  first(): T | undefined {
    const now = this.#now();
    let first: Entry<T> | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    for (const entry of this.#entries) {
      const priority = agedPriority(entry, now);
      if (priority > highest) [first, highest] = [entry, priority];
    }
    return first?.item;
  }

  /** False where it is not in the queue. */
  remove(item: T): boolean {
    const at = this.#entries.findIndex((entry) => entry.item === item);
    if (at !== -1) this.#entries.splice(at, 1);
    return at !== -1;
  }

  /** All of them, which leave the queue. */
  clear(): readonly T[] {
    return this.#entries.splice(0).map(({ item }) => item);
  }
}

function agedPriority({ priority, since }: Entry<unknown>, now: number): number {
  return Math.max(priority, Math.min(MOST_BY_AGE, priority + (now - since) / 1000));
}
