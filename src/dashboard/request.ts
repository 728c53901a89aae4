import type { Answer } from '../api/answers.ts';
import { askForToken } from './token.ts';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** An error answer of the server, or that there was no answer (`code` is `no-answer`, `status` 0). */
export class RequestError extends Error {
  readonly code: string;
  readonly fix: string | undefined;
  readonly status: number;

  constructor({ code, message, fix }: { code: string; message: string; fix?: string | undefined }, status: number) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.fix = fix;
    this.status = status;
  }
}

/**
 * JSON of a REST call. Where the token is missing, it is asked for, once for all requests that wait, and the call is made again.
 * @throws RequestError
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await answerTo(path, options);
  return (await response.json()) as T;
}

/** The answer itself, for what is not JSON. @throws RequestError as `request` */
export async function answerTo(path: string, { method = 'GET', body, signal }: RequestOptions = {}): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  for (;;) {
    const response = await fetch(path, { method, ...json, ...(signal === undefined ? {} : { signal }) }).catch(
      (thrown: unknown) => {
        if (signal?.aborted === true) throw thrown;
        throw new RequestError({ code: 'no-answer', message: 'The server does not answer.', fix: 'Is it running?' }, 0);
      },
    );
    if (response.ok) return response;
    if (response.status !== 401) throw await errorOf(response);
    await askForToken();
  }
}

/** The error that an answer tells. */
export async function errorOf(response: Response): Promise<RequestError> {
  const answer = (await response.json().catch(() => undefined)) as Partial<Answer<'Error'>> | undefined;
  const error = answer?.error ?? { code: 'internal', message: `The server answered ${response.status}.` };
  return new RequestError(error, response.status);
}

/** What was thrown, as an error that can be shown; undefined for a request that was given up. */
export function shownError(thrown: unknown): RequestError | undefined {
  if (thrown instanceof RequestError) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined;
  return new RequestError({ code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }, 0);
}
