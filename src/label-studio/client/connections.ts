import type { AxiosInstance } from 'axios';
import { DatasetGanError } from '../../errors.ts';
import type { LabelStudioAddress } from '../../settings.ts';
import { type Clock, systemClock } from '../connection/clock.ts';
import { Connection } from '../connection/connection.ts';
import { defaultHttp, isLoopback } from '../connection/transport.ts';
import { getProject, type Project, projectUid } from './projects.ts';
import { whoAmI } from './server.ts';

export interface ConnectionsOptions {
  readonly labelStudios: readonly LabelStudioAddress[];
  readonly http?: AxiosInstance;
  readonly clock?: Clock;
}

/** A project as Label Studio names it in /setup. */
export interface ProjectAddress {
  /** `<id>.<created_at unix seconds>` */
  readonly uid: string;
  /** What that Label Studio calls itself; every default one says `http://localhost:8080`, whatever its real address. */
  readonly hostname?: string | null | undefined;
  /** `access_token` of /setup: a legacy token of the project's owner. */
  readonly accessToken?: string | null | undefined;
}

export interface Resolved {
  readonly connection: Connection;
  readonly project: Project;
}

const SETTING = 'LABEL_STUDIO_API_KEY';
/** Milliseconds that an accepted key is taken for good. */
const ACCEPTED_FOR_MS = 60_000;

/**
 * Which Label Studio a project is on, and the key for it. A configured key goes to its own address only. The token of /setup goes only to that
 * request's `hostname`, and only if that is one of LABEL_STUDIO_URL or on this machine. A project is taken for found when its id and
 * `created_at` are those of the uid, so that nothing is ever written to a project of the same number on another server.
 */
export class Connections {
  readonly #addresses: readonly LabelStudioAddress[];
  readonly #rest: { readonly http: AxiosInstance; readonly clock: Clock };
  readonly #configured = new Map<string, Connection>();
  /** When a key was accepted last, in milliseconds since the epoch. */
  readonly #accepted = new WeakMap<Connection, number>();

  constructor({ labelStudios, http = defaultHttp, clock = systemClock }: ConnectionsOptions) {
    this.#addresses = labelStudios.map(({ url, apiKey }) => ({ url: withoutSlash(url), apiKey }));
    this.#rest = { http, clock };
  }

  /**
   * A connection for every LABEL_STUDIO_URL that has a key.
   * @throws DatasetGanError `bad-token` naming the entry
   */
  configured(): Connection[] {
    return this.#addresses.flatMap(({ url, apiKey }) => (apiKey === null ? [] : [this.#withKey(url, apiKey)]));
  }

  /**
   * The connection of a project whose address is known from an earlier `resolve`, by its base.
   * @throws DatasetGanError `bad-token` when no key is configured for it
   */
  at(base: string): Connection {
    const apiKey = this.#addresses.find(({ url }) => url === withoutSlash(base))?.apiKey;
    if (apiKey !== null && apiKey !== undefined) return this.#withKey(withoutSlash(base), apiKey);
    throw noKey(base);
  }

  /** Whether a key is configured for that base address. */
  has(base: string): boolean {
    return this.#addresses.some(({ url, apiKey }) => url === withoutSlash(base) && apiKey !== null);
  }

  /**
   * Whether any Label Studio that the project may be on accepts our key for it. Says nothing about the project.
   * @throws DatasetGanError `bad-token`, `label-studio-unauthorized` or `label-studio-down` when none does
   */
  async check(address: Omit<ProjectAddress, 'uid'>, signal?: AbortSignal): Promise<void> {
    const candidates = this.#candidates(address);
    if (candidates.length === 0) throw noKey(address.hostname ?? 'this Label Studio');
    const { clock } = this.#rest;
    if (candidates.some((connection) => clock.now() - (this.#accepted.get(connection) ?? 0) < ACCEPTED_FOR_MS)) return;
    const failures: DatasetGanError[] = [];
    for (const connection of candidates) {
      try {
        await whoAmI(connection, signal);
        this.#accepted.set(connection, clock.now());
        return;
      } catch (thrown) {
        if (!(thrown instanceof DatasetGanError) || thrown.code === 'cancelled') throw thrown;
        failures.push(thrown);
      }
    }
    throw worst(failures);
  }

  /**
   * Finds the project: on the server of that name first, then on the others of LABEL_STUDIO_URL.
   * @throws DatasetGanError `wrong-server` when servers answered but none has it; `bad-token`, `label-studio-unauthorized` or
   *   `label-studio-down` when the one that should have it could not be asked
   */
  async resolve(address: ProjectAddress, signal?: AbortSignal): Promise<Resolved> {
    const id = Number.parseInt(address.uid, 10);
    const candidates = this.#candidates(address);
    if (candidates.length === 0) throw noKey(address.hostname ?? 'this Label Studio');
    const failures: DatasetGanError[] = [];
    const others: string[] = [];
    for (const connection of candidates) {
      try {
        const project = await getProject(connection, id, signal);
        if (projectUid(project) === address.uid) return { connection, project };
        others.push(connection.base);
      } catch (thrown) {
        if (!(thrown instanceof DatasetGanError) || thrown.code === 'cancelled') throw thrown;
        if (thrown.code === 'label-studio-gone') others.push(connection.base);
        else failures.push(thrown);
      }
    }
    if (failures.length > 0) throw worst(failures);
    throw new DatasetGanError(
      'wrong-server',
      `Project ${id} of ${address.hostname ?? 'that Label Studio'} is not on ${others.join(', ')}.`,
      {
        fix: 'Add the address of its Label Studio to LABEL_STUDIO_URL, and its token to LABEL_STUDIO_API_KEY.',
      },
    );
  }

  #candidates({ hostname, accessToken }: Omit<ProjectAddress, 'uid'>): Connection[] {
    const named = hostname === null || hostname === undefined || !URL.canParse(hostname) ? undefined : withoutSlash(hostname);
    const configured = this.configured();
    const sameName = configured.filter(({ base }) => base === named);
    const others = configured.filter(({ base }) => base !== named);
    if (sameName.length > 0 || named === undefined || accessToken === null || accessToken === undefined)
      return [...sameName, ...others];
    const allowed = isLoopback(named) || this.#addresses.some(({ url }) => url === named);
    return allowed ? [...others, this.#connect(named, accessToken, 'the access_token of /setup')] : others;
  }

  #withKey(url: string, apiKey: string): Connection {
    const known = this.#configured.get(url);
    if (known !== undefined) return known;
    const index = this.#addresses.findIndex((address) => address.url === url);
    const connection = this.#connect(url, apiKey, this.#addresses.length > 1 ? `${SETTING} (entry ${index + 1})` : SETTING);
    this.#configured.set(url, connection);
    return connection;
  }

  #connect(base: string, key: string, keyName: string): Connection {
    return new Connection({ base, key, keyName, ...this.#rest });
  }
}

/** A key that is not accepted says more than a server that does not answer. */
function worst(failures: readonly DatasetGanError[]): DatasetGanError {
  return failures.find(({ code }) => code === 'label-studio-unauthorized') ?? failures[0]!;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function noKey(server: string): DatasetGanError {
  return new DatasetGanError('bad-token', `There is no token for ${server}.`, {
    fix: `Set LABEL_STUDIO_URL to its address and ${SETTING} to a personal access token (in Label Studio: Account & Settings).`,
  });
}
