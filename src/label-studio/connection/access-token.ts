import type { Clock } from './clock.ts';
import { jwtPayload } from './key-kind.ts';

/** Access tokens live five minutes by default; one is not used in its last half minute. */
const MARGIN_MS = 30_000;

/**
 * The short-lived access token of a personal access token: kept until shortly before it expires, renewed once however many requests wait
 * for it. Its lifetime is counted on our clock from the moment it came (exp − iat), so that a clock that differs from Label Studio's does no harm.
 */
export class AccessToken {
  readonly #renew: () => Promise<string>;
  readonly #clock: Clock;
  #token: { readonly text: string; readonly until: number } | undefined;
  #renewing: Promise<string> | undefined;

  constructor(renew: () => Promise<string>, clock: Clock) {
    this.#renew = renew;
    this.#clock = clock;
  }

  get(): Promise<string> {
    if (this.#token !== undefined && this.#clock.now() < this.#token.until) return Promise.resolve(this.#token.text);
    this.#renewing ??= this.#fetch().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Forgets `text` after it was refused, unless a newer one is here already. */
  refuse(text: string): void {
    if (this.#token?.text === text) this.#token = undefined;
  }

  async #fetch(): Promise<string> {
    const text = await this.#renew();
    const { exp = 0, iat = 0 } = jwtPayload(text) ?? {};
    const lifetime = Math.max(0, exp - iat) * 1000;
    this.#token = { text, until: this.#clock.now() + Math.max(0, lifetime - MARGIN_MS) };
    return text;
  }
}
