import { type RequestHandler, Router } from 'express';
import { DatasetGanError } from '../../errors.ts';
import { PAGE, PAGE_POLICY } from './page-document.ts';
import { packageFile } from './page-packages.ts';
import { pageSource } from './page-sources.ts';

/**
 * The web page at `/`, for who asks for HTML: a browser. Programs, Label Studio's health check among them, take any type or JSON, and get the next
 * route's answer. The page itself tells nothing of anyone's data: that is asked for by REST.
 * @param guard refuses requests for names that are not ours
 */
export function pageRoutes(guard: RequestHandler): Router {
  const router = Router();
  router.get('/', (request, response, next) => {
    response.vary('Accept');
    if (request.accepts(['json', 'html']) !== 'html') return next();
    guard(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      response.set(HEADERS).set('Content-Security-Policy', PAGE_POLICY).type('html').send(PAGE);
    });
  });
  router.get('/dashboard/packages/*name', (request, response) => {
    const path = packageFile(nameOf(request.params.name));
    if (path === undefined) throw notThere(request.path);
    response.set(HEADERS).type(path.endsWith('.css') ? 'text/css' : 'text/javascript');
    response.sendFile(path, { cacheControl: false, dotfiles: 'allow' });
  });
  router.get('/dashboard/*name', async (request, response) => {
    const source = await pageSource(nameOf(request.params.name));
    if (source === undefined) throw notThere(request.path);
    response.set(HEADERS).type(source.type).send(source.text);
  });
  return router;
}

/** An ETag spares the transfer; after an upgrade no browser may run yesterday's modules. */
const HEADERS = { 'Cache-Control': 'no-cache', 'Cross-Origin-Opener-Policy': 'same-origin', 'Referrer-Policy': 'no-referrer' };

function nameOf(parts: string | readonly string[] | undefined): string {
  return typeof parts === 'string' ? parts : (parts ?? []).join('/');
}

function notThere(path: string): DatasetGanError {
  return new DatasetGanError('not-found', `The page has no file ${path}.`, { fix: 'Reload the page.' });
}
