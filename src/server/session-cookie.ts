import { createHmac } from 'node:crypto';
import type { Request } from 'express';

/** Browsers do not tell ports apart: another server of this machine gets it, too, and so it never holds the token itself. */
export const SESSION_COOKIE = 'datasetgan-session';

/** What a browser that knew the token is recognised by, until the token changes. */
export function sessionOf(token: string): string {
  return createHmac('sha256', token).update('a session of the page').digest('hex');
}

/** The session that a browser sends; undefined where it sends none. */
export function sentSession(request: Request): string | undefined {
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1];
}
