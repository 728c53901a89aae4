import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { LabelStudioBackend, PredictResult } from '../../api/backend.ts';
import type { PredictRequest } from '../../label-studio/requests/predict-request.ts';
import type { ParseBody } from '../parse-body.ts';
import { readBody } from '../read-body.ts';
import { logOf } from '../request-log.ts';
import { within } from '../within.ts';

/** Label Studio waits 100 s, the nginx before it 90 s. */
const ANSWER_TIMEOUT_MS = 85_000;
/** For a backend that is over the deadline by the picture it is at. */
const GRACE_MS = 2_000;

/**
 * POST /predict: always one result per task, in order, since Label Studio drops a whole answer of another length. `[]` says
 * "none, ask again". The interactive form (one task with a context) wants an object, whatever happened.
 */
export function predictRoute(labelStudio: LabelStudioBackend, parse: ParseBody): RequestHandler {
  return async (request, response) => {
    const deadline = Date.now() + ANSWER_TIMEOUT_MS;
    const asked = await parse('predict', await readBody(request), deadline);
    const results = await predictions(labelStudio, asked, response);
    const complete = asked.tasks.map((_task, i) => results[i] ?? []);
    if (asked.context !== null && complete.length > 0) complete[0] = asObject(complete[0]!);
    response.type('json');
    await pipeline(Readable.from(inPieces(complete)), response);
  };
}

async function predictions(
  labelStudio: LabelStudioBackend,
  asked: PredictRequest,
  response: Response,
): Promise<readonly PredictResult[]> {
  try {
    const results = await within(asked.deadline - Date.now() + GRACE_MS, labelStudio.predict(asked));
    if (results === undefined) logOf(response).warn({ tasks: asked.tasks.length }, 'predictions took too long: answering none');
    return results ?? [];
  } catch (err) {
    logOf(response).error({ err, tasks: asked.tasks.length }, 'predictions failed: answering none');
    return [];
  }
}

function asObject(result: PredictResult): PredictResult {
  return Array.isArray(result) ? { result: [], score: 0, model_version: '' } : result;
}

/** Task by task: the text of many brush masks at once would hold up the main thread. */
async function* inPieces(results: readonly PredictResult[]): AsyncIterable<string> {
  yield '{"results":[';
  for (const [i, result] of results.entries()) {
    yield `${i === 0 ? '' : ','}${JSON.stringify(result)}`;
    await nextTurn();
  }
  yield ']}';
}
