/** What has been opened so far, for whoever opens several things one after the other: it is closed when a later one cannot be opened. */
export class Closers {
  readonly #closers: (() => unknown)[] = [];

  /** `close` ends what has just been opened. */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /**
   * Closes everything once, the last opened first, each even when another could not be closed.
   * @throws the first thing that failed, when all is closed
   */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** The same after `reason` was thrown, which is what its reader needs to know; it is thrown again. */
  async closeAfter(reason: unknown): Promise<never> {
    await this.close().catch(() => undefined);
    throw reason;
  }
}
