import { Router } from 'express';
import { toError } from '../../errors.ts';
import type { Backend, JobState } from '../../jobs/backend.ts';
import { parseWebhookEvent } from '../../label-studio/requests/webhook-event.ts';
import { readBody } from '../read-body.ts';

/** Label Studio's words for the states of a training job. */
const JOB_STATUS: Readonly<Record<JobState, string>> = {
  queued: 'queued',
  running: 'started',
  completed: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
};

/** The calls that Label Studio makes rarely, or made in older versions. Every answer is a JSON object, which it insists on. */
export function courtesyRoutes(backend: Backend): Router {
  const router = Router();
  router.get(['/', '/health'], (_request, response) => {
    response.json({ status: 'UP', model_class: 'DatasetGan' });
  });
  router.get('/versions', async (_request, response) => {
    response.json({ versions: await backend.versions() });
  });
  router.post('/train', async (request, response) => {
    const { project } = fields(await readBody(request));
    const id = Number.parseInt(String(project), 10);
    // As the START_TRAINING event, which replaced this call.
    if (Number.isSafeInteger(id)) await backend.webhook(parseWebhookEvent({ action: 'START_TRAINING', project: { id } }));
    response.status(201).json({ status: 'ok' });
  });
  router.post('/job_status', async (request, response) => {
    const { job } = fields(await readBody(request));
    const state = await backend.job(String(job)).then(
      (found) => JOB_STATUS[found.state],
      (thrown: unknown) => {
        if (toError(thrown).code === 'unknown-job') return 'removed';
        throw thrown;
      },
    );
    response.json({ job_status: state });
  });
  // Nothing of ours hangs on these: a config is judged by /setup, and versions outlive the backend's row.
  router.post(['/validate', '/delete', '/duplicate_model'], async (request, response) => {
    await readBody(request);
    response.json({ status: 'ok' });
  });
  return router;
}

/** The body's fields; none when it is no JSON object. */
function fields(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
