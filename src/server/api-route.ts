import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Answer, AnswerName } from '../api/answers.ts';
import type { Archive, Page, Upload } from '../api/backend.ts';
import { BODIES, noQuery } from '../api/requests.ts';
import type { ErrorCode } from '../errors.ts';
import { checkInput, decodeParameters } from './check-input.ts';
import { fileBody } from './file-body.ts';
import { readJson } from './read-body.ts';
import { sendArchive } from './send-archive.ts';

const TOTAL = 'X-Total-Count';

export type BodyName = keyof typeof BODIES;

/** One route of the REST API: the express handler and the entry of /openapi.json are both made from it. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/api/jobs/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** `file`: any bytes. */
  readonly body: BodyName | 'file' | null;
  readonly answer: AnswerName | 'png' | 'html' | 'archive' | 'events';
  readonly status: 200 | 202;
  /** Headers of the answer that say something of it, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Errors of this route, beside those that every route has. */
  readonly errors: readonly ErrorCode[];
  /**
   * Who may ask without the token. `all`: every page, for pictures that any browser must be able to load; `key`: who follows a link of ours, which has
   * a `key` in its query that `run` checks; `door`: pages of this server, which give the token there.
   */
  readonly open: 'no' | 'all' | 'key' | 'door';
  readonly handler: RequestHandler;
}

interface Declared<P extends z.ZodObject, Q extends z.ZodObject, B extends BodyName | null> {
  readonly method: ApiRoute['method'];
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query?: Q;
  readonly body?: B;
  readonly errors: readonly ErrorCode[];
}

interface Input<P extends z.ZodObject, Q extends z.ZodObject, B extends BodyName | null> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: B extends BodyName ? z.output<(typeof BODIES)[B]> : undefined;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
  /** The address of this server by which the client asked. */
  readonly own: string;
}

/** A route that answers JSON. */
export function jsonRoute<
  N extends AnswerName,
  P extends z.ZodObject,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends BodyName | null = null,
>(
  route: Declared<P, Q, B> & {
    readonly answer: N;
    readonly status?: ApiRoute['status'];
    run(input: Input<P, Q, B>): Promise<Answer<N>>;
  },
): ApiRoute {
  const { run, status = 200, ...declared } = route;
  return declare(declared, { answer: route.answer, status, open: 'no' }, async (input, response) => {
    response.status(status).json(await run(input));
  });
}

/** A route that takes a file of any size as its body, as it comes, and answers JSON. */
export function uploadRoute<N extends AnswerName, P extends z.ZodObject, Q extends z.ZodObject>(
  route: Declared<P, Q, null> & {
    readonly answer: N;
    run(input: Input<P, Q, null>, upload: Upload): Promise<Answer<N>>;
  },
): ApiRoute {
  const { run, ...declared } = route;
  const made = declare(declared, { answer: route.answer, status: 202, open: 'no' }, async (input, response) => {
    const { req: request } = response;
    try {
      response.status(202).json(await run(input, fileBody(request)));
    } finally {
      // What is not wanted is still read: its sender would not see the answer otherwise.
      request.resume();
    }
  });
  return { ...made, body: 'file' };
}

/** A route that answers a JSON array: some of the rows that match, and in a header how many match. */
export function pageRoute<N extends AnswerName, P extends z.ZodObject, Q extends z.ZodObject>(
  route: Declared<P, Q, null> & {
    readonly answer: N;
    run(input: Input<P, Q, null>): Promise<Page<Answer<N>[keyof Answer<N> & number]>>;
  },
): ApiRoute {
  const { run, ...declared } = route;
  const made = declare(declared, { answer: route.answer, status: 200, open: 'no' }, async (input, response) => {
    const { rows, total } = await run(input);
    response.set(TOTAL, String(total)).json(rows);
  });
  return { ...made, headers: { [TOTAL]: 'Number of all that match, on this page or not.' } };
}

/** A route that answers a PNG. `cacheControl` says how long a browser may keep it, by what was asked; an ETag spares the transfer after that. */
export function pngRoute<P extends z.ZodObject, Q extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  route: Declared<P, Q, null> & {
    readonly open?: ApiRoute['open'];
    readonly cacheControl: string | ((query: z.output<Q>) => string);
    run(input: Input<P, Q, null>): Promise<Uint8Array>;
  },
): ApiRoute {
  const { run, open = 'no', cacheControl, ...declared } = route;
  return declare(declared, { answer: 'png', status: 200, open }, async (input, response) => {
    const png = await run(input);
    response
      .set('Cache-Control', typeof cacheControl === 'string' ? cacheControl : cacheControl(input.query))
      .type('png')
      .send(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  });
}

/** A route that answers an HTML page that fetches nothing and runs no script. Its query may have a `key`. */
export function htmlRoute<P extends z.ZodObject, Q extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  route: Declared<P, Q, null> & { run(input: Input<P, Q, null>): Promise<string> },
): ApiRoute {
  const { run, ...declared } = route;
  return declare(declared, { answer: 'html', status: 200, open: 'key' }, async (input, response) => {
    const page = await run(input);
    response
      .set('Content-Security-Policy', "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'")
      .type('html')
      .send(page);
  });
}

/** A route that answers an archive, written while it is sent. What fails after its first bytes cuts the answer off. Its query may have a `key`. */
export function archiveRoute<P extends z.ZodObject, Q extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  route: Declared<P, Q, null> & { run(input: Input<P, Q, null>): Promise<Archive> },
): ApiRoute {
  const { run, ...declared } = route;
  return declare(declared, { answer: 'archive', status: 200, open: 'key' }, async (input, response) => {
    const { name, write } = await run(input);
    await sendArchive(response, name, write);
  });
}

function declare<P extends z.ZodObject, Q extends z.ZodObject, B extends BodyName | null>(
  route: Declared<P, Q, B>,
  answer: Pick<ApiRoute, 'answer' | 'status' | 'open'>,
  respond: (input: Input<P, Q, B>, response: Response) => Promise<void>,
): ApiRoute {
  const { method, path, summary, errors, params } = route;
  const query = route.query ?? noQuery;
  const body = route.body ?? null;
  const handler = async (request: Request, response: Response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const input = {
      signal: gone.signal,
      own: `${request.protocol}://${request.get('host') ?? ''}`,
      params: checkInput(params, decodeParameters(params, request.params)),
      query: checkInput(query, decodeParameters(query, request.query)),
      body: body === null ? undefined : checkInput(BODIES[body], await readJson(request)),
    };
    await respond(input as Input<P, Q, B>, response);
  };
  return { method, path, summary, params, query, body, errors, ...answer, handler };
}
