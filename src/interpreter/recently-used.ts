/** What was asked for last, by name. */
export class RecentlyUsed<T> {
  readonly #kept = new Map<string, T>();
  readonly #most: number;

  /** most: values that are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value of that name: kept, or made now. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.#kept.get(key) ?? (await make());
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }
}
