import express from 'express';
import { Registry } from 'prom-client';
import type { Backend } from '../api/backend.ts';
import { DatasetGanError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Settings } from '../settings.ts';
import { isLoopback } from './addresses.ts';
import { apiRouter } from './api-router.ts';
import { errorAnswer, unknownRoute } from './error-answer.ts';
import { checkBasicAuth, checkCallbackHost, checkHost, checkOrigin, checkTokenBeyondLoopback } from './guards.ts';
import { openApiDocument } from './openapi.ts';
import { pageRoutes } from './page/page-routes.ts';
import type { ParseBody } from './parse-body.ts';
import { requestLog } from './request-log.ts';
import { backupRoutes } from './routes/backup.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { eventRoute } from './routes/events.ts';
import { generatorRoutes } from './routes/generators.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { labelStudioRoutes } from './routes/label-studio.ts';
import { projectRoutes } from './routes/projects.ts';
import { serverRoutes } from './routes/server.ts';
import { sessionRoutes } from './routes/session.ts';

export interface ServerOptions {
  readonly settings: Pick<Settings, 'host' | 'publicUrl' | 'callbackUrl' | 'basicAuth'>;
  /** From `apiToken()`; null is for loopback only. */
  readonly apiToken: string | null;
  readonly logger: Logger;
  /** Reads Label Studio's bodies, large ones off the main thread. */
  readonly parse: ParseBody;
  /** Aborted when the server stops: connections that stay open end then. */
  readonly closing?: AbortSignal;
}

/**
 * The HTTP server's routes. They translate between HTTP and `backend` and hold nothing.
 * @throws DatasetGanError `bad-settings` beyond loopback without a token.
 */
export function createServer(backend: Backend, { settings, apiToken, logger, parse, closing }: ServerOptions): express.Express {
  if (apiToken === null && !isLoopback(settings.host))
    throw new DatasetGanError('bad-settings', `Listening on ${settings.host}, /api needs a token.`, { fix: 'Set API_TOKEN.' });
  if (settings.basicAuth === null && !isLoopback(settings.host))
    logger.warn('everyone who can reach this port can connect projects: set BASIC_AUTH_USER and BASIC_AUTH_PASS');

  const registry = new Registry();
  const routes = [
    ...generatorRoutes(backend.generators),
    ...projectRoutes(backend.projects),
    ...datasetRoutes(backend.datasets),
    ...jobRoutes(backend.jobs),
    eventRoute(backend.jobs, closing),
    ...sessionRoutes(apiToken),
    ...serverRoutes(backend.server),
    ...backupRoutes(backend.server),
  ];
  const document = openApiDocument(routes);

  const app = express();
  app.disable('x-powered-by').set('etag', 'strong');
  app.use(requestLog(logger, registry));
  const guard = checkTokenBeyondLoopback(settings, apiToken);
  app.use(healthRoutes(backend.server, registry, guard));
  app.get('/openapi.json', guard, (_request, response) => {
    response.json(document);
  });
  app.use(pageRoutes(checkHost(settings)));
  const callbackHost = checkCallbackHost(settings, () => backend.labelStudio.callbackHosts());
  app.use(labelStudioRoutes(backend, parse, [callbackHost, checkOrigin(settings), checkBasicAuth(settings.basicAuth)]));
  app.use('/api', apiRouter(routes, settings, apiToken));
  app.use(unknownRoute);
  app.use(errorAnswer);
  return app;
}
