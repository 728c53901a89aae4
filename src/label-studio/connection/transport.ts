import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';

/**
 * One request over the wire. `path` is appended to the base address, prefix included. `idempotent` says whether sending it twice is the
 * same as once: only then is it sent again after a failure whose outcome is unknown, and only then may it use a kept-alive socket (one that
 * the server closes at that moment would leave us not knowing whether a task was created).
 */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** An object is sent as JSON; a string is JSON already. */
  readonly body?: object | string;
  readonly form?: FormData;
  /** Default: every method but POST. */
  readonly idempotent?: boolean;
  /** Milliseconds, default 30 s. */
  readonly timeout?: number;
  /** An answer with more is not read to its end; left out: it may have any number. */
  readonly mostBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  readonly bytes: Uint8Array;
}

/** Minutes of work in one request: imports and deletions by the thousand. */
export const LONG_TIMEOUT_MS = 300_000;
const DEFAULT_TIMEOUT_MS = 30_000;

const KEPT = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) };
const ONE_SHOT = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) };

export function isIdempotent(request: Request): boolean {
  return request.idempotent ?? request.method !== 'POST';
}

export const defaultHttp: AxiosInstance = axios.create();

/** @throws what axios throws when there is no answer: every status is an answer, and redirects are not followed. */
export async function send(
  http: AxiosInstance,
  base: string,
  request: Request,
  headers: Record<string, string>,
): Promise<Answer> {
  const { method, path, query, body, form, timeout = DEFAULT_TIMEOUT_MS, mostBytes, signal } = request;
  const json = typeof body === 'object' ? JSON.stringify(body) : body;
  const response = await http.request<ArrayBuffer>({
    method,
    url: base + path,
    params: query,
    data: form ?? json,
    headers: {
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    timeout,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    // Followed, a redirect to the login page would look like success, and a POST would turn into a GET.
    maxRedirects: 0,
    maxBodyLength: Number.POSITIVE_INFINITY,
    maxContentLength: mostBytes ?? Number.POSITIVE_INFINITY,
    transformRequest: [(data: unknown) => data],
    ...(isLoopback(base) ? { proxy: false } : {}),
    ...(isIdempotent(request) ? KEPT : ONE_SHOT),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    status: response.status,
    contentType: String(response.headers['content-type'] ?? ''),
    location: typeof response.headers.location === 'string' ? response.headers.location : undefined,
    bytes: new Uint8Array(response.data),
  };
}

/** This machine itself, by name or address. */
export function isLoopback(base: string): boolean {
  const host = new URL(base).hostname;
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
