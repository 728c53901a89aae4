import { DatasetGanError } from '../../errors.ts';
import { type PredictRequest, parsePredictRequest } from './predict-request.ts';
import { parseSetupRequest, type SetupRequest } from './setup-request.ts';
import { parseWebhookEvent, type WebhookEvent } from './webhook-event.ts';

/** The same parsers for a body as it arrived, so that a large one can be parsed in a worker thread; what they give is small. */
export const setupRequestOfBytes = (bytes: Uint8Array, host?: string): SetupRequest =>
  parseSetupRequest(jsonOfBytes(bytes), host);
export const predictRequestOfBytes = (bytes: Uint8Array, deadline: number): PredictRequest =>
  parsePredictRequest(jsonOfBytes(bytes), deadline);
export const webhookEventOfBytes = (bytes: Uint8Array): WebhookEvent => parseWebhookEvent(jsonOfBytes(bytes));

/** @throws DatasetGanError `bad-request` when the bytes are not JSON in UTF-8 */
function jsonOfBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DatasetGanError('bad-request', 'The body is not JSON.', { cause });
  }
}
