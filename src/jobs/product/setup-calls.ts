import { createHash } from 'node:crypto';
import { canonicalJson } from '../../interpreter/canonical-json.ts';
import type { SetupRequest } from '../../label-studio/requests/setup-request.ts';

/** What one /setup said. It may come from anyone: it tells where to look, and nothing else. */
export interface SetupCall {
  /** `<id>.<created_at unix seconds>` */
  readonly uid: string;
  readonly schema: string;
  /** sha256 of extra_params. */
  readonly said: string;
  readonly hostname: string | undefined;
  readonly accessToken: string | undefined;
  /** sha256 of the access_token; null: it carried none. */
  readonly caller: string | null;
  readonly host?: string | undefined;
}

/** Calls of projects that are to be looked for; a flood of made-up ones drives out the oldest. */
const MOST_WAITING = 64;
/** Milliseconds between two looks at a project that calls without proof cause. */
const LOOK_INTERVAL_MS = 5000;

/** What /setup said lately. In memory alone: tokens are not stored, and Label Studio calls again. */
export class SetupCalls {
  readonly #waiting = new Map<string, SetupCall>();
  readonly #listeners = new Map<string, Set<SetupCall[]>>();
  readonly #doubted = new Set<string>();
  readonly #looked = new Map<string, number>();

  /** Tells those who listen for calls of this project. Gives whether anyone does: then it may be our own doing. */
  note(call: SetupCall): boolean {
    const listeners = this.#listeners.get(call.uid) ?? [];
    for (const heard of listeners) heard.push(call);
    return this.#listeners.has(call.uid);
  }

  /** The calls of a project that arrive while something is done. */
  async during(uid: string, act: () => Promise<void>): Promise<readonly SetupCall[]> {
    const heard: SetupCall[] = [];
    const listeners = this.#listeners.get(uid) ?? new Set();
    this.#listeners.set(uid, listeners.add(heard));
    try {
      await act();
      return heard;
    } finally {
      listeners.delete(heard);
      if (listeners.size === 0) this.#listeners.delete(uid);
    }
  }

  /** The project is to be looked for. */
  wait(call: SetupCall): void {
    const key = JSON.stringify([call.uid, call.hostname, call.caller]);
    this.#waiting.delete(key);
    this.#waiting.set(key, call);
    for (const oldest of [...this.#waiting.keys()].slice(0, -MOST_WAITING)) this.#waiting.delete(oldest);
  }

  /** Takes out the calls of projects that are to be looked for, by what tells them apart. */
  takeWaiting(): ReadonlyMap<string, SetupCall> {
    const calls = new Map(this.#waiting);
    this.#waiting.clear();
    return calls;
  }

  /** A call of a known project without the token that we know of it. Gives whether to look at the project now: once in five seconds. */
  doubt(uid: string, now: number): boolean {
    this.#doubted.add(uid);
    if (now - (this.#looked.get(uid) ?? Number.NEGATIVE_INFINITY) < LOOK_INTERVAL_MS) return false;
    this.#looked.set(uid, now);
    return true;
  }

  /** Whether such a call came, since this was last asked. */
  takeDoubt(uid: string): boolean {
    return this.#doubted.delete(uid);
  }
}

export function setupCall({ project: uid, schema, sent, hostname, accessToken, host }: SetupRequest): SetupCall {
  const caller = callerHash(accessToken);
  return { uid, schema, said: saidHash(sent), hostname, accessToken, caller, host };
}

/** sha256 of extra_params, read from their text where they are one. A number beyond a double, which JSON allows, counts as null. */
export const saidHash = (sent: unknown): string => sha256(canonicalJson(JSON.parse(JSON.stringify(sent))));

/** sha256 of the access_token of a /setup: 40 random hex digits, so that it needs no salt. */
const callerHash = (accessToken: string | undefined): string | null => (accessToken === undefined ? null : sha256(accessToken));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
