import type { PredictRequest, SetupRequest, WebhookEvent } from './backend.ts';

/** What Label Studio's bodies say; the server adds what the HTTP request says. */
export interface ParsedBodies {
  readonly setup: Omit<SetupRequest, 'host'>;
  readonly predict: Omit<PredictRequest, 'deadline'>;
  readonly webhook: WebhookEvent;
}

export type BodyKind = keyof ParsedBodies;

/** @throws DatasetGanError `bad-request` when the bytes are no JSON object of that kind. The bytes' buffer is gone afterwards. */
export type ParseBody = <K extends BodyKind>(bytes: Uint8Array<ArrayBuffer>, kind: K) => Promise<ParsedBodies[K]>;
