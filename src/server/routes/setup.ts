import type { RequestHandler } from 'express';
import type { LabelStudioBackend, SetupAnswer } from '../../api/backend.ts';
import { DatasetGanError } from '../../errors.ts';
import type { ParseBody } from '../parse-body.ts';
import { readBody } from '../read-body.ts';
import { within } from '../within.ts';

/** Label Studio waits 3 s, then says only that it timed out. */
const ANSWER_TIMEOUT_MS = 2500;

/**
 * POST /setup: Label Studio tells which project uses us, and reads which version answers it. It comes while connecting, and again
 * before every prediction round, so it records and answers, no more. A refusal is a 400 with the fix as its reason phrase.
 */
export function setupRoute(labelStudio: LabelStudioBackend, parse: ParseBody): RequestHandler {
  return async (request, response) => {
    const setup = await parse('setup', await readBody(request), request.headers.host);
    const answer = await within<SetupAnswer>(ANSWER_TIMEOUT_MS, labelStudio.setup(setup));
    if (answer === undefined)
      throw new DatasetGanError('shutting-down', 'DatasetGAN is still starting.', { fix: 'Try again in a minute.' });
    if ('refusal' in answer) throw new DatasetGanError('bad-request', answer.refusal);
    response.json({ model_version: answer.modelVersion });
  };
}
