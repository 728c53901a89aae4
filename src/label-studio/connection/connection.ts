import { type AxiosInstance, isAxiosError } from 'axios';
import { z } from 'zod';
import type { DatasetGanError } from '../../errors.ts';
import { AccessToken } from './access-token.ts';
import { type Clock, systemClock } from './clock.ts';
import { badAnswer, badShape, isTooLarge, noAnswer, type Peer } from './failure.ts';
import { type KeyKind, keyKind } from './key-kind.ts';
import { type Answer, defaultHttp, isIdempotent, type Request, send } from './transport.ts';

export interface ConnectionOptions {
  /** Address of Label Studio, with its path prefix if it has one. */
  readonly base: string;
  /** Personal access token or legacy token. */
  readonly key: string;
  /** What messages call the key: the setting it came from. */
  readonly keyName?: string;
  readonly http?: AxiosInstance;
  readonly clock?: Clock;
}

/** Waits before each further attempt, in milliseconds. */
const BACKOFF = [500, 1500, 4000];
const ACCESS = z.looseObject({ access: z.string() });

/**
 * One Label Studio and the key for it. Every client function takes a connection first. The key goes to `base` only: redirects are errors.
 * Failures are DatasetGanError: `label-studio-down` (no answer, 502-504), `label-studio-unauthorized`, `label-studio-gone` (404),
 * `label-studio-error` (the rest), `cancelled` (the signal). Requests that are the same when sent twice are tried four times.
 */
export class Connection {
  readonly base: string;
  readonly keyName: string;
  readonly kind: KeyKind;
  readonly clock: Clock;
  readonly #key: string;
  readonly #http: AxiosInstance;
  readonly #access: AccessToken;

  /** @throws DatasetGanError `bad-token` when the key is of no known kind. */
  constructor({ base, key, keyName = 'LABEL_STUDIO_API_KEY', http = defaultHttp, clock = systemClock }: ConnectionOptions) {
    this.base = base.replace(/\/+$/, '');
    this.keyName = keyName;
    this.kind = keyKind(key, keyName);
    this.clock = clock;
    this.#key = key;
    this.#http = http;
    this.#access = new AccessToken(() => this.#renew(), clock);
  }

  /** Scheme, host and port. */
  get origin(): string {
    return new URL(this.base).origin;
  }

  /** The answer's JSON, checked. */
  async json<T>(schema: z.ZodType<T>, request: Request): Promise<T> {
    const { bytes } = await this.#request(request);
    return this.#parse(schema, request, bytes);
  }

  /** The answer's body as it is, for parsing elsewhere. */
  async bytes(request: Request): Promise<Uint8Array> {
    return (await this.#request(request)).bytes;
  }

  /** The answer does not matter. */
  async done(request: Request): Promise<void> {
    await this.#request(request);
  }

  #peer(): Peer {
    return { base: this.base, keyName: this.keyName, kind: this.kind };
  }

  async #request(request: Request): Promise<Answer> {
    if (this.kind === 'legacy token') return this.#repeat(request, () => this.#once(request, `Token ${this.#key}`));
    return this.#repeat(request, async () => {
      const access = await orAborted(this.#access.get(), request.signal);
      const outcome = await this.#once(request, `Bearer ${access}`);
      if (!('error' in outcome && outcome.status === 401)) return outcome;
      // Refused before anything was done: even a POST may be sent again with a fresh token.
      this.#access.refuse(access);
      return this.#once(request, `Bearer ${await orAborted(this.#access.get(), request.signal)}`);
    });
  }

  async #renew(): Promise<string> {
    const request: Request = { method: 'POST', path: '/api/token/refresh/', body: { refresh: this.#key }, idempotent: true };
    const { bytes } = await this.#repeat(request, () => this.#once(request, undefined));
    return this.#parse(ACCESS, request, bytes).access;
  }

  /** Tries again what may be tried again. */
  async #repeat(request: Request, attempt: () => Promise<Outcome>): Promise<Answer> {
    try {
      for (const wait of [...BACKOFF, undefined]) {
        const outcome = await attempt();
        if ('answer' in outcome) return outcome.answer;
        const again = outcome.untouched || (outcome.passing && isIdempotent(request));
        if (!again || wait === undefined) throw outcome.error;
        await this.clock.sleep(wait, request.signal);
      }
      throw new Error('unreachable: the last attempt returns or throws');
    } catch (thrown) {
      throw noAnswer(this.#peer(), request, thrown);
    }
  }

  async #once(request: Request, authorization: string | undefined): Promise<Outcome> {
    request.signal?.throwIfAborted();
    const peer = this.#peer();
    try {
      const answer = await send(this.#http, this.base, request, authorization === undefined ? {} : { authorization });
      const error = badAnswer(peer, request, answer);
      if (error === undefined) return { answer };
      const { status } = answer;
      return { error, status, untouched: status === 429, passing: status >= 500 };
    } catch (thrown) {
      const cancelled = request.signal?.aborted === true;
      const unsent = isAxiosError(thrown) && UNSENT.has(thrown.code ?? '');
      return {
        error: noAnswer(peer, request, thrown),
        status: 0,
        untouched: unsent && !cancelled,
        passing: !cancelled && !isTooLarge(thrown),
      };
    }
  }

  #parse<T>(schema: z.ZodType<T>, request: Request, bytes: Uint8Array): T {
    let data: unknown;
    try {
      data = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    } catch {
      data = undefined;
    }
    const parsed = schema.safeParse(data);
    if (!parsed.success) throw badShape(this.#peer(), request, parsed.error);
    return parsed.data;
  }
}

/** `untouched`: the request did nothing for certain. `passing`: the reason may be over by the next attempt. */
type Outcome =
  | { readonly answer: Answer }
  | { readonly error: DatasetGanError; readonly status: number; readonly untouched: boolean; readonly passing: boolean };

/** No connection came about, so nothing was sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Many callers share the wait: one that gives up must not keep waiting. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
