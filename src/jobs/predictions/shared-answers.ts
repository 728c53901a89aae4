import { DatasetGanError } from '../../errors.ts';
import { RecentlyUsed } from '../../interpreter/recently-used.ts';

interface UnderWay<T> {
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/** Answers by name: each is made once for all that ask for it meanwhile, kept for a while, and given up when nobody waits for it any more. */
export class SharedAnswers<T> {
  readonly #kept: RecentlyUsed<T>;
  readonly #underWay = new Map<string, UnderWay<T>>();

  /** most: answers that are kept. */
  constructor(most: number) {
    this.#kept = new RecentlyUsed(most);
  }

  /**
   * @param signal of the one who asks
   * @param make gets the signal of all who ask
   * @throws DatasetGanError `cancelled`, or what `make` throws; that is not kept
   */
  get(key: string, signal: AbortSignal | undefined, make: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#kept.get(key, () => this.#wait(key, signal, make));
  }

  async #wait(key: string, signal: AbortSignal | undefined, make: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw new DatasetGanError('cancelled', 'The one who asked has gone.');
    const work = this.#underWay.get(key) ?? this.#start(key, make);
    work.waiting++;
    const leave = () => {
      if (--work.waiting > 0) return;
      work.stop.abort();
      this.#forget(key, work);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await work.answer;
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#forget(key, work);
    }
  }

  #start(key: string, make: (signal: AbortSignal) => Promise<T>): UnderWay<T> {
    const stop = new AbortController();
    const work: UnderWay<T> = { answer: make(stop.signal), stop, waiting: 0 };
    this.#underWay.set(key, work);
    return work;
  }

  /** Whoever asks from now on does not get it. */
  #forget(key: string, work: UnderWay<T>): void {
    if (this.#underWay.get(key) === work) this.#underWay.delete(key);
  }
}
