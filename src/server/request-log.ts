import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { Histogram, type Registry } from 'prom-client';
import type { Logger } from '../log.ts';

/** Programs look every second whether something has changed: lines of looks that went well would hide the others. */
const isLook = (method: string) => method === 'GET' || method === 'HEAD';

/** Gives every request an id (the client's `X-Request-Id`, if it looks like one), a logger that carries it, a line of log and its time. */
export function requestLog(logger: Logger, registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: 'datasetgan_http_request_seconds',
    help: 'Time to answer requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 3, 10, 30, 90],
    registers: [registry],
  });
  return (request, response, next) => {
    const started = performance.now();
    const sent = request.get('x-request-id') ?? '';
    const id = /^[\w.-]{1,64}$/.test(sent) ? sent : randomUUID();
    const log = logger.child({ request: id });
    response.locals.requestId = id;
    response.locals.log = log;
    response.set('X-Request-Id', id).set('X-Content-Type-Options', 'nosniff');
    const { method } = request;
    const url = request.originalUrl;
    response.on('close', () => {
      const milliseconds = performance.now() - started;
      const status = response.writableFinished ? response.statusCode : 'aborted';
      const path = (request.route as { path?: unknown } | undefined)?.path;
      seconds.observe({ method, route: path === undefined ? 'none' : String(path), status }, milliseconds / 1000);
      const level = isLook(method) && response.writableFinished && response.statusCode < 400 ? 'debug' : 'info';
      log[level]({ method, url, status, ms: Math.round(milliseconds * 10) / 10 }, 'request');
    });
    next();
  };
}

/** The logger of this request. */
export function logOf(response: Response): Logger {
  return response.locals.log as Logger;
}
