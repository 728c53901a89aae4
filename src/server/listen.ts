import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatasetGanError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** A request may take so long to arrive: a checkpoint of 2 GB at 1 Mbit/s. One of which nothing comes for a minute or so is ended before. */
const ARRIVAL_MS = 5 * 3_600_000;

/** How long requests in flight may go on after close(): a /predict is over by then. */
const DRAIN_MS = 90_000;

export interface Listening {
  readonly port: number;
  /** Address for this machine's programs. */
  readonly url: string;
  /** Stops accepting, lets requests in flight end (within `drain` milliseconds), ends kept-alive connections. */
  close(drain?: number): Promise<void>;
}

/** @throws DatasetGanError `port-taken`, or `bad-settings` for an address that is not this machine's. */
export async function listen(app: RequestListener, { host, port }: Pick<Settings, 'host' | 'port'>): Promise<Listening> {
  const server = createServer({ requestTimeout: ARRIVAL_MS });
  let closing = false;
  server.on('request', (request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    app(request, response);
  });
  await opened(server, host, port);
  const address = server.address() as AddressInfo;
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return {
    port: address.port,
    url: `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`,
    close(drain = DRAIN_MS) {
      closing = true;
      return closed(server, drain);
    },
  };
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): DatasetGanError {
  if (cause.code === 'EADDRINUSE')
    return new DatasetGanError('port-taken', `Another program uses port ${port} on ${host}.`, {
      fix: 'Set PORT to a free port, or stop that program.',
      cause,
    });
  if (cause.code === 'EACCES')
    return new DatasetGanError('bad-settings', `This user may not listen on port ${port}.`, {
      fix: 'Set PORT to 1024 or more.',
      cause,
    });
  return new DatasetGanError('bad-settings', `Cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`, {
    fix: 'Set HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.',
    cause,
  });
}

function closed(server: Server, drain: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy when close() was called is kept alive after its answer; it is idle then.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const last = setTimeout(() => server.closeAllConnections(), drain);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(last);
      resolve();
    });
  });
}
