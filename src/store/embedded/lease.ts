/** Lends one thing to one borrower at a time, first come first served. */
export class Lease {
  readonly #waiting: (() => void)[] = [];
  #lent = false;

  /**
   * Waits for its turn. The borrower must call the function it gets; calling it twice does no harm.
   * @throws what `tooLong` gives, when the wait takes more than `patience` milliseconds
   */
  async acquire(patience: number, tooLong: () => Error): Promise<() => void> {
    if (this.#lent) await this.#turn(patience, tooLong);
    this.#lent = true;
    let returned = false;
    return () => {
      if (returned) return;
      returned = true;
      this.#lent = false;
      this.#waiting.shift()?.();
    };
  }

  #turn(patience: number, tooLong: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = () => {
        clearTimeout(timer);
        // Lent again before the promise settles, so that nobody slips in between.
        this.#lent = true;
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1);
        reject(tooLong());
      }, patience);
      this.#waiting.push(proceed);
    });
  }
}
