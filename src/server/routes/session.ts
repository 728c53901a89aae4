import type { Response } from 'express';
import type { Session } from '../../api/answers.ts';
import { BODIES, noParams, noQuery } from '../../api/requests.ts';
import type { ApiRoute } from '../api-route.ts';
import { checkInput } from '../check-input.ts';
import { hasToken, sameSecret, wrongToken } from '../guards.ts';
import { readJson } from '../read-body.ts';
import { SESSION_COOKIE, sessionOf } from '../session-cookie.ts';

const common = { path: '/api/session', params: noParams, query: noQuery, answer: 'Session', status: 200, open: 'door' } as const;

/**
 * A browser's session: it gives the token once and is known from then on by a cookie that scripts cannot read and that no page of another site can send.
 * @param token null where everyone may ask
 */
export function sessionRoutes(token: string | null): ApiRoute[] {
  const answer = (response: Response, open: boolean) => {
    response.set('Cache-Control', 'no-store').json({ token: token === null ? 'not-needed' : 'needed', open } satisfies Session);
  };
  return [
    {
      ...common,
      method: 'get',
      summary: 'Whether a token is needed, and whether this browser has given it.',
      body: null,
      errors: [],
      handler: (request, response) => answer(response, token === null || hasToken(request, token)),
    },
    {
      ...common,
      method: 'post',
      summary: 'Give the token once: a cookie stands for it from then on, in this browser.',
      body: 'AccessToken',
      errors: [],
      handler: async (request, response) => {
        const sent = checkInput(BODIES.AccessToken, await readJson(request)).token;
        if (token !== null && !sameSecret(sent, token)) throw wrongToken();
        if (token !== null) response.cookie(SESSION_COOKIE, sessionOf(token), { ...COOKIE, maxAge: A_MONTH_MS });
        answer(response, true);
      },
    },
    {
      ...common,
      method: 'delete',
      summary: "End this browser's session.",
      body: null,
      errors: [],
      handler: (_request, response) => {
        response.clearCookie(SESSION_COOKIE, COOKIE);
        answer(response, token === null);
      },
    },
  ];
}

const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;
const A_MONTH_MS = 30 * 24 * 3_600_000;
