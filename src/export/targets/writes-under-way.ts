/** Files that are written at once. */
const AT_ONCE = 8;

/** Writes that take a while each: the next files are made meanwhile. What fails is thrown by a later call. */
export class WritesUnderWay {
  readonly #writes = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** Begins a write. Waits while there are too many. */
  async begin(write: () => Promise<void>): Promise<void> {
    const one = write()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#writes.delete(one));
    this.#writes.add(one);
    if (this.#writes.size >= AT_ONCE) await Promise.race(this.#writes);
    this.#throwFailure();
  }

  /** Waits for all of them. */
  async done(): Promise<void> {
    await this.settled();
    this.#throwFailure();
  }

  /** As done, whether they fail or not. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
