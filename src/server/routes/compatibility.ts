import { Router } from 'express';
import { z } from 'zod';
import type { JobState } from '../../api/answers.ts';
import type { Backend } from '../../api/backend.ts';
import { isError } from '../../errors.ts';
import { jsonOfBytes } from '../../label-studio/requests/json-of-bytes.ts';
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

/** Older Label Studios send the number, or `ID.CREATED`. */
const projectId = z.union([
  z.int().min(1),
  z
    .string()
    .regex(/^[1-9]\d{0,9}(\.\d+)?$/)
    .transform((text) => Number.parseInt(text, 10)),
]);

/** The calls that Label Studio makes rarely, or made in older versions. Every answer is a JSON object, which it insists on. */
export function compatibilityRoutes({ labelStudio, jobs }: Pick<Backend, 'labelStudio' | 'jobs'>): Router {
  const router = Router();
  router.get(['/', '/health'], (_request, response) => {
    response.json({ status: 'UP', model_class: 'DatasetGan' });
  });
  router.get('/versions', async (_request, response) => {
    response.json({ versions: await labelStudio.versions() });
  });
  router.post('/train', async (request, response) => {
    const id = projectId.safeParse(fields(await readBody(request)).project).data;
    // As the START_TRAINING event, which replaced this call.
    if (id !== undefined) await labelStudio.webhook(parseWebhookEvent({ action: 'START_TRAINING', project: { id } }));
    response.status(201).json({ status: 'ok' });
  });
  router.post('/job_status', async (request, response) => {
    const { job } = fields(await readBody(request));
    const state = await jobs.get(typeof job === 'string' ? job : '').then(
      (found) => JOB_STATUS[found.state],
      (thrown: unknown) => {
        if (isError(thrown, 'unknown-job')) return 'removed';
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

/** The body's fields; none when it is not a JSON object. */
function fields(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value = jsonOfBytes(bytes);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
