import { type RequestHandler, Router } from 'express';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { ServerBackend } from '../../api/backend.ts';
import { toError } from '../../errors.ts';
import { logOf } from '../request-log.ts';

/**
 * `/livez`: the process answers. `/readyz`: it can do its work. `/metrics`: numbers for Prometheus.
 * @param guard lets those in who may see the numbers
 */
export function healthRoutes(server: Pick<ServerBackend, 'load' | 'unready'>, registry: Registry, guard: RequestHandler): Router {
  collectDefaultMetrics({ register: registry });
  const jobs = new Gauge({
    name: 'datasetgan_jobs',
    help: 'Number of jobs by kind and state.',
    labelNames: ['kind', 'state'],
    registers: [registry],
  });
  const tasks = new Gauge({
    name: 'datasetgan_engine_tasks',
    help: 'Number of running or waiting compute tasks by lane.',
    labelNames: ['lane'],
    registers: [registry],
  });
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
      const load = await server.load();
      jobs.reset();
      for (const { kind, state, count } of load.jobs) jobs.set({ kind, state }, count);
      for (const [lane, count] of Object.entries(load.engine)) tasks.set({ lane }, count);
    } catch (err) {
      // The other numbers are wanted most when something is broken.
      logOf(response).warn({ err }, 'no job metrics');
    }
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
