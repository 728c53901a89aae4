import { type RequestHandler, Router } from 'express';
import type { Backend } from '../../api/backend.ts';
import { errorAsReason } from '../error-answer.ts';
import type { ParseBody } from '../parse-body.ts';
import { compatibilityRoutes } from './compatibility.ts';
import { predictRoute } from './predict.ts';
import { setupRoute } from './setup.ts';
import { webhookRoute } from './webhook.ts';

const GUARDED = [
  '/',
  '/health',
  '/setup',
  '/predict',
  '/versions',
  '/train',
  '/job_status',
  '/validate',
  '/delete',
  '/duplicate_model',
];

/**
 * Label Studio's ML backend contract. `guards` are the access checks; /webhook is outside them, since Label Studio's own hook
 * sends no credentials and an error answer would switch it off.
 */
export function labelStudioRoutes(
  backend: Pick<Backend, 'labelStudio' | 'jobs'>,
  parse: ParseBody,
  guards: readonly RequestHandler[],
): Router {
  const { labelStudio } = backend;
  const router = Router();
  router.post('/webhook', webhookRoute(labelStudio, parse));
  router.all(GUARDED, ...guards);
  router.post('/setup', setupRoute(labelStudio, parse));
  router.post('/predict', predictRoute(labelStudio, parse));
  router.use(compatibilityRoutes(backend));
  router.use(
    GUARDED.filter((path) => path !== '/'),
    errorAsReason,
  );
  return router;
}
