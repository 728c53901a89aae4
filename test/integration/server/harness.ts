import type { Express } from 'express';
import supertest from 'supertest';
import { createLogger } from '../../../src/log.ts';
import { createServer, type ServerOptions } from '../../../src/server/app.ts';
import { type ParseBody, parseBody } from '../../../src/server/parse-body.ts';
import { RecordingBackend } from './recording-backend.ts';

const LOOPBACK: ServerOptions['settings'] = { host: '127.0.0.1', publicUrl: null, callbackUrl: null, basicAuth: null };

/** The product's parsers, without the engine. */
const parseHere: ParseBody = async (kind, bytes, given) => parseBody({ kind, bytes, given });

interface HarnessOptions {
  readonly settings?: Partial<ServerOptions['settings']>;
  readonly apiToken?: string;
  readonly parse?: ParseBody;
  readonly backend?: RecordingBackend;
}

/** The real express app before a recording backend, with its log in memory. */
export function harness(options: HarnessOptions = {}): {
  backend: RecordingBackend;
  app: Express;
  http: ReturnType<typeof supertest>;
  log: () => string;
} {
  const backend = options.backend ?? new RecordingBackend();
  let lines = '';
  const app = createServer(backend, {
    settings: { ...LOOPBACK, ...options.settings },
    apiToken: options.apiToken ?? null,
    logger: createLogger('debug', { write: (line) => (lines += line) }),
    parse: options.parse ?? parseHere,
  });
  return { backend, app, http: supertest(app), log: () => lines };
}
