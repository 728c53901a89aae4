import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { DatasetGanError } from '../errors.ts';
import { logOf } from './request-log.ts';

/** The last of all routes. */
export const unknownRoute: RequestHandler = (request) => {
  throw new DatasetGanError('not-found', `Unknown route: ${request.method} ${request.path}.`, {
    fix: 'GET /openapi.json lists the routes.',
  });
};

/** Answers every error as `{error: {code, message, fix?}}`. Unexpected errors go to the log only. */
export const errorAnswer: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  if (response.destroyed) {
    logOf(response).info({ url: request.originalUrl }, 'the client went away');
    return;
  }
  const error = foreseen(thrown) ?? unforeseen(response);
  logOf(response)[error.status >= 500 ? 'error' : 'info']({ err: thrown, url: request.originalUrl }, 'request failed');
  if (response.headersSent) return next(thrown);
  response.status(error.status).json(error.toBody());
};

/**
 * The same for Label Studio, whose dialogs show nothing of an error but the reason phrase of the status line
 * (`400 Client Error: PHRASE for url …`).
 */
export const errorAsReason: ErrorRequestHandler = (thrown: unknown, _request, response, next) => {
  const { message, fix } = foreseen(thrown) ?? unforeseen(response);
  if (!response.headersSent) response.statusMessage = reasonPhrase(fix === undefined ? message : `${message} ${fix}`);
  next(thrown);
};

/** One line of printable ASCII: anything else is not allowed in a status line. */
export function reasonPhrase(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 400);
}

function foreseen(thrown: unknown): DatasetGanError | undefined {
  if (thrown instanceof DatasetGanError) return thrown;
  // Express itself throws these, for example for a percent sign that encodes nothing.
  const status = (thrown as { status?: unknown } | null)?.status;
  const clientError = typeof status === 'number' && status >= 400 && status < 500;
  return clientError
    ? new DatasetGanError('bad-request', 'The address of this request is not valid.', { cause: thrown })
    : undefined;
}

function unforeseen(response: Response): DatasetGanError {
  return new DatasetGanError('internal', 'The server had an internal error.', {
    fix: `Its log has the details under request id ${String(response.locals.requestId)}.`,
  });
}
