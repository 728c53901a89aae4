import {
  Agent,
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Passing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * What is done with a request. `pass`: it is passed on, with other headers if given; where `late` is given, only when that is over, whether
 * or not somebody still waits for the answer. `fail`: it is answered with that status and never
 * passed on. `lose`: it is passed on, the server does all it is asked for, and then the connection breaks before the answer arrives.
 */
export type Deed =
  | { readonly kind: 'pass'; readonly headers?: Readonly<Record<string, string>>; readonly late?: Promise<unknown> }
  | { readonly kind: 'fail'; readonly status: number }
  | { readonly kind: 'lose'; readonly after?: () => Promise<void> };

export interface FaultProxy {
  readonly url: string;
  /** Decides about every request from now on. */
  decide(decision: (request: Passing) => Deed | Promise<Deed>): void;
  close(): Promise<void>;
}

export const PASS: Deed = { kind: 'pass' };

/** Node's own agent would use a socket again that was asked to close, and find it closed. */
const ONE_SHOT = new Agent({ keepAlive: false });

/** Stands between us and a real server, and breaks what a test wants broken at exactly that point. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let decide: (request: Passing) => Deed | Promise<Deed> = () => PASS;
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    Promise.resolve(decide({ method, path, headers }))
      .then((deed) => handle(target, request, response, deed))
      .catch((error: NodeJS.ErrnoException) => {
        // A client that gave up is what tests are about; a server that ends too early is not.
        if (!request.socket.destroyed) console.error(`${target} broke off ${method} ${path}: ${error.code ?? error.message}`);
        request.socket.destroy();
      });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: (decision) => {
      decide = decision;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function handle(target: string, request: IncomingMessage, response: ServerResponse, deed: Deed): Promise<void> {
  const body = await buffer(request);
  if (deed.kind === 'fail') {
    response.writeHead(deed.status, { 'content-type': 'application/json' }).end('{"detail":"broken by the test"}');
    return;
  }
  if (deed.kind === 'pass') await deed.late;
  const answer = await pass(target, request, body, deed.kind === 'pass' ? deed.headers : undefined);
  const bytes = await buffer(answer);
  if (deed.kind === 'lose') {
    await deed.after?.();
    request.socket.destroy();
    return;
  }
  const { 'transfer-encoding': _whole, connection: _ours, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': bytes.length }).end(bytes);
}

function pass(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  changed: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const { host } = new URL(target);
  return new Promise((answered, failed) => {
    const options = { agent: ONE_SHOT, method, headers: { ...headers, ...changed, host, connection: 'close' } };
    forward(target + url, options, answered)
      .on('error', failed)
      .end(body);
  });
}
