import { type RequestHandler, Router } from 'express';
import type { Registry } from 'prom-client';
import type { ServerBackend } from '../../api/backend.ts';
import { toError } from '../../errors.ts';
import { productMetrics } from '../metrics.ts';
import { logOf } from '../request-log.ts';

/**
 * `/livez`: the process answers. `/readyz`: it can do its work. `/metrics`: numbers for Prometheus.
 * @param guard lets those in who may see the numbers
 */
export function healthRoutes(
  server: Pick<ServerBackend, 'load' | 'unready' | 'watchJobs'>,
  registry: Registry,
  guard: RequestHandler,
): Router {
  const take = productMetrics(registry, server);
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const reason = await server.unready().catch(toError);
    if (reason === undefined) response.json({ status: 'ready' });
    else response.status(503).json(reason.toBody());
  });
  router.get('/metrics', guard, async (_request, response) => {
    try {
      take(await server.load());
    } catch (err) {
      // The other numbers are wanted most when something is broken.
      logOf(response).warn({ err }, 'no job metrics');
    }
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
