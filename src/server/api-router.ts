import { type RequestHandler, Router } from 'express';
import type { OwnAddresses } from './addresses.ts';
import type { ApiRoute } from './api-route.ts';
import { checkHost, checkOrigin, checkToken } from './guards.ts';

/** Readable by pages of every origin: Label Studio's editor draws the pictures on a canvas, which needs this. */
const everyOrigin: RequestHandler = (_request, response, next) => {
  response.set('Access-Control-Allow-Origin', '*').set('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

const preflight: RequestHandler = (_request, response) => {
  response.set('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS').set('Access-Control-Max-Age', '86400').status(204).end();
};

/** A link of ours is followed under whatever name the browser knows us; what checks it is behind the route. */
const withKey: RequestHandler = ({ query }, _response, next) => next(query.key === undefined ? 'route' : undefined);

/** The REST API under /api. It checks host and origin, then the token on all but the open routes. */
export function apiRouter(routes: readonly ApiRoute[], own: OwnAddresses, token: string | null): Router {
  const router = Router();
  for (const { path, handler, open } of routes) if (open === 'key') router.get(expressPath(path), withKey, handler);
  router.use(checkHost(own), checkOrigin(own));
  for (const { path, handler, open } of routes) {
    if (open !== 'all') continue;
    router.route(expressPath(path)).all(everyOrigin).get(handler).options(preflight);
  }
  for (const { method, path, handler, open } of routes) if (open === 'door') router[method](expressPath(path), handler);
  router.use(checkToken(token));
  for (const { method, path, handler, open } of routes)
    if (open !== 'all' && open !== 'door') router[method](expressPath(path), handler);
  return router;
}

/** `/api/jobs/{id}` as express, mounted at /api, writes it: `/jobs/:id`. */
function expressPath(path: string): string {
  return path.replace(/^\/api/, '').replace(/\{(\w+)\}/g, ':$1');
}
