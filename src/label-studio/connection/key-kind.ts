import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';

export type KeyKind = 'personal access token' | 'legacy token';

const FIX =
  'In Label Studio open Account & Settings, Personal Access Token, create one. Copy all of it: three parts with dots between them.';

/** A JSON Web Token's payload; undefined when it is none. Nothing is verified: only Label Studio can. */
export function jwtPayload(
  token: string,
): { token_type?: string | undefined; exp?: number | undefined; iat?: number | undefined } | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const payload: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
    return PAYLOAD.parse(payload);
  } catch {
    return undefined;
  }
}

const PAYLOAD = z.looseObject({ token_type: z.string().optional(), exp: z.number().optional(), iat: z.number().optional() });

/**
 * Which of Label Studio's two kinds a key is. A personal access token is a JWT of type "refresh"; a legacy token is a plain word, 40 hex
 * digits unless LABEL_STUDIO_USER_TOKEN set another (6 to 40 characters).
 * @param keyName what messages call the key, such as LABEL_STUDIO_API_KEY; the key itself is never in a message.
 * @throws DatasetGanError `bad-token`
 */
export function keyKind(key: string, keyName: string): KeyKind {
  const bad = (why: string) => new DatasetGanError('bad-token', `${keyName} ${why}.`, { fix: FIX });
  if (/^(bearer|token)\s/i.test(key)) throw bad('must be the token alone, without the word before it');
  if (/\s/.test(key)) throw bad('has a space or a line break in it');
  const payload = jwtPayload(key);
  if (payload?.token_type === 'refresh') return 'personal access token';
  if (payload?.token_type === 'access') throw bad('is a short-lived access token, not a personal access token');
  if (/^eyJ[\w-]+\.[\w-]+$/.test(key))
    throw bad("is a personal access token without its last part (Label Studio's list of tokens shows them truncated)");
  if (/^[\w-]{6,40}$/.test(key)) return 'legacy token';
  throw bad('is neither a personal access token nor a legacy token');
}
