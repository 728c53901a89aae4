import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What is done with a request instead of answering it. `drop` closes the connection without an answer. */
export type FakeAnswer =
  | {
      readonly status: number;
      readonly json?: unknown;
      readonly html?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'drop'
  | 'hang';

export interface FakeLabelStudio {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/**
 * A server for what the real Label Studio cannot be brought to do at will: drop the connection after it committed, fail in the middle,
 * hang, show its login page. It knows nothing by itself: `answer` is asked for every request, in order.
 */
export async function startFakeLabelStudio(answer: (request: SeenRequest) => FakeAnswer): Promise<FakeLabelStudio> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
      const entry: SeenRequest = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        authorization: request.headers.authorization,
        body,
      };
      seen.push(entry);
      reply(request, response, answer(entry));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function reply(request: IncomingMessage, response: ServerResponse, answer: FakeAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'drop') {
    request.socket.destroy();
    return;
  }
  const { status, json, html, headers = {} } = answer;
  const type = html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(html ?? (json === undefined ? '' : JSON.stringify(json)));
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('latin1');
}

/** A clock that stands still: a sleep moves it and returns at once. */
export function stillClock(start = 1_800_000_000_000) {
  const clock = {
    time: start,
    slept: [] as number[],
    now: () => clock.time,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      clock.slept.push(milliseconds);
      clock.time += milliseconds;
    },
  };
  return clock;
}

/** A JSON Web Token with that payload and a signature that no one made. */
export function unsignedJwt(payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}.${'x'.repeat(43)}`;
}
