import { createHmac } from 'node:crypto';

/** An access token as Label Studio itself signs them, but expired: what a long run holds in its hands after five minutes. */
export function expiredAccessToken(secretKey: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { token_type: 'access', exp: now - 10, iat: now - 310, jti: 'f'.repeat(32), user_id: '1' };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secretKey).update(signed).digest('base64url')}`;
}
