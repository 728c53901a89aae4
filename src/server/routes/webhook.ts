import type { RequestHandler } from 'express';
import type { LabelStudioBackend } from '../../api/backend.ts';
import { SECRET_HEADER, TRAIN_EVENTS } from '../../label-studio/requests/webhook-event.ts';
import type { ParseBody } from '../parse-body.ts';
import { readBody } from '../read-body.ts';
import { logOf } from '../request-log.ts';

/**
 * POST /webhook: an annotator's Submit waits for this answer, and an answer other than 2xx counts against the hook. So it is given
 * as soon as the bytes are here, whatever they are (201 for events that train, as the reference backend does); reading and
 * recording them comes after. A hint that is lost this way is found by the reconciler.
 */
export function webhookRoute(labelStudio: LabelStudioBackend, parse: ParseBody): RequestHandler {
  return async (request, response) => {
    const log = logOf(response);
    try {
      const bytes = await readBody(request);
      const trains = TRAIN_EVENTS.has(actionOf(bytes));
      response.status(trains ? 201 : 200).json(trains ? { result: {}, status: 'ok' } : { status: 'Unknown event' });
      const event = await parse('webhook', bytes, undefined);
      const { known } = await labelStudio.webhook(event, request.get(SECRET_HEADER));
      log.info({ action: event.action, project: event.projectId, known }, 'webhook');
    } catch (err) {
      log.warn({ err }, 'webhook ignored');
      if (!response.headersSent) response.json({ status: 'ignored' });
    }
  };
}

/** The event's name without parsing the body: Label Studio writes it first. */
function actionOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65_536)).toString('latin1');
  return /"action"\s*:\s*"(\w+)"/.exec(head)?.[1] ?? '';
}
