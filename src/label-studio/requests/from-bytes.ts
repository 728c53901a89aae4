import { jsonOfBytes } from './json-of-bytes.ts';
import { type PredictRequest, parsePredictRequest } from './predict-request.ts';
import { parseSetupRequest, type SetupRequest } from './setup-request.ts';
import { parseWebhookEvent, type WebhookEvent } from './webhook-event.ts';

/** The same parsers for a body as it arrived, so that a large one can be parsed in a worker thread; what they give is small. */
export const setupRequestOfBytes = (bytes: Uint8Array, host?: string): SetupRequest =>
  parseSetupRequest(jsonOfBytes(bytes, true), host);
export const predictRequestOfBytes = (bytes: Uint8Array, deadline: number): PredictRequest =>
  parsePredictRequest(jsonOfBytes(bytes, true), deadline);
export const webhookEventOfBytes = (bytes: Uint8Array): WebhookEvent => parseWebhookEvent(jsonOfBytes(bytes, true));
