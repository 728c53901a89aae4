import type { Express } from 'express';
import supertest from 'supertest';
import type { ParseBody } from '../../../src/jobs/parse-body.ts';
import { createLogger } from '../../../src/log.ts';
import { createServer, type ServerOptions } from '../../../src/server/app.ts';
import { RecordingBackend } from './recording-backend.ts';

export const LOOPBACK: ServerOptions['settings'] = { host: '127.0.0.1', publicUrl: null, callbackUrl: null, basicAuth: null };

/** The real express app before a recording backend, with its log in memory. */
export function harness(
  options: {
    settings?: Partial<ServerOptions['settings']>;
    apiToken?: string;
    parse?: ParseBody;
    backend?: RecordingBackend;
  } = {},
): { backend: RecordingBackend; app: Express; http: ReturnType<typeof supertest>; log: () => string } {
  const backend = options.backend ?? new RecordingBackend();
  let lines = '';
  const app = createServer(backend, {
    settings: { ...LOOPBACK, ...options.settings },
    apiToken: options.apiToken ?? null,
    logger: createLogger('debug', { write: (line) => (lines += line) }),
    parse: options.parse ?? (() => Promise.reject(new Error('no parser'))),
  });
  return { backend, app, http: supertest(app), log: () => lines };
}
