import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { DatasetGanError } from '../errors.ts';
import { hostName, isLoopback, isOwnName, isOwnOrigin, type OwnAddresses } from './addresses.ts';
import { sentSession, sessionOf } from './session-cookie.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Refuses requests for a name that is not ours: any web page can reach a loopback server by a name of its own (DNS rebinding). */
export function checkHost(own: OwnAddresses): RequestHandler {
  return (request, _response, next) => {
    const name = hostName(request.headers.host);
    if (name !== undefined && isOwnName(name, own)) return next();
    throw new DatasetGanError('forbidden-host', `This server does not answer requests for the host '${name ?? ''}'.`, {
      fix: 'Set PUBLIC_URL (browsers) or CALLBACK_URL (Label Studio) to the address you use.',
    });
  };
}

/**
 * The same for Label Studio's routes, by the names that it and the proxies before us are known to use. Until the first is known any will do:
 * Label Studio must be able to connect by a name that we cannot know.
 */
export function checkCallbackHost(own: OwnAddresses, known: () => readonly string[]): RequestHandler {
  const check = checkHost(own);
  return (request, response, next) => {
    const hosts = known();
    const isOpen = own.callbackUrl === null && hosts.length === 0;
    if (isOpen || hosts.includes(hostName(request.headers.host) ?? '')) return next();
    return check(request, response, next);
  };
}

/** Refuses requests that change something and come from a page of another origin. Programs send no `Origin`. */
export function checkOrigin(own: OwnAddresses): RequestHandler {
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    if (SAFE_METHODS.includes(request.method) || origin === undefined || isOwnOrigin(origin, host, own)) return next();
    throw new DatasetGanError('forbidden-origin', `Web pages of '${origin}' may not change anything on this server.`, {
      fix: 'Send the request from a program, or set PUBLIC_URL to the address of the page.',
    });
  };
}

/** `Authorization: Bearer TOKEN`, `X-Api-Token: TOKEN`, or the cookie of a browser that gave it. `null` lets everyone in. */
export function checkToken(token: string | null): RequestHandler {
  return (request, response, next) => {
    if (token === null || hasToken(request, token)) return next();
    response.set('WWW-Authenticate', 'Bearer');
    throw wrongToken();
  };
}

export function hasToken(request: Request, token: string): boolean {
  return sameSecret(sentToken(request) ?? '', token) || sameSecret(sentSession(request) ?? '', sessionOf(token));
}

export function wrongToken(): DatasetGanError {
  return new DatasetGanError('unauthorized', 'This request needs the API token.', {
    fix: 'Send it as Authorization: Bearer TOKEN or X-Api-Token: TOKEN. It is API_TOKEN, or the one printed at first start.',
  });
}

/** For what tells of the server, not of anyone's data: programs of this machine may see it, others need the token. */
export function checkTokenBeyondLoopback({ host }: Pick<OwnAddresses, 'host'>, token: string | null): RequestHandler {
  return checkToken(isLoopback(host) ? null : token);
}

/** HTTP Basic authentication, the only kind that Label Studio sends to ML backends. `null` lets everyone in. */
export function checkBasicAuth(credentials: { readonly user: string; readonly pass: string } | null): RequestHandler {
  return (request, response, next) => {
    if (credentials === null) return next();
    const sent = /^basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (sameSecret(Buffer.from(sent, 'base64').toString('utf8'), `${credentials.user}:${credentials.pass}`)) return next();
    response.set('WWW-Authenticate', 'Basic realm="DatasetGAN"');
    throw new DatasetGanError('unauthorized', 'This request needs user and password.', {
      fix: 'In Label Studio, choose Basic Authentication for this backend and enter BASIC_AUTH_USER and BASIC_AUTH_PASS.',
    });
  };
}

function sentToken(request: Request): string | undefined {
  const header = request.get('x-api-token');
  return header ?? /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Compares digests, so that neither length nor content shows in the time it takes. */
export function sameSecret(sent: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sent), digest(secret));
}
