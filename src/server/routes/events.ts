import type { Live } from '../../api/answers.ts';
import type { JobBackend } from '../../api/backend.ts';
import { noParams, noQuery } from '../../api/requests.ts';
import type { ApiRoute } from '../api-route.ts';

const LOOK_EVERY_MS = 1000;
/** Proxies cut connections on which nothing comes for a minute. */
const SIGN_OF_LIFE_MS = 20_000;

/**
 * What changes, as it happens. One look a second serves all who listen; without listeners nothing is looked at.
 * @param closing ends all connections: a server that stops would wait for them
 */
export function eventRoute(jobs: Pick<JobBackend, 'live'>, closing: AbortSignal | undefined): ApiRoute {
  const listeners = new Set<(event: string) => void>();
  let last = '';
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    // A database that is away for a moment: the next look tells.
    const live = await jobs.live().catch(() => undefined);
    const event = live === undefined ? last : eventOf(live);
    if (event !== last) for (const tell of listeners) tell(event);
    last = event;
    timer = listeners.size === 0 ? undefined : setTimeout(look, LOOK_EVERY_MS);
  };

  return {
    method: 'get',
    path: '/api/events',
    summary: 'What runs or waits, whenever it changes, at most once a second, as server-sent events.',
    params: noParams,
    query: noQuery,
    body: null,
    answer: 'events',
    status: 200,
    errors: [],
    open: 'no',
    handler: (_request, response) => {
      response.set('Cache-Control', 'no-store').set('X-Accel-Buffering', 'no').type('text/event-stream');
      response.flushHeaders();
      const tell = (event: string) => response.write(event);
      const end = () => response.end();
      const alive = setInterval(tell, SIGN_OF_LIFE_MS, ': alive\n\n');
      listeners.add(tell);
      closing?.addEventListener('abort', end);
      response.on('close', () => {
        clearInterval(alive);
        listeners.delete(tell);
        closing?.removeEventListener('abort', end);
      });
      if (timer === undefined) {
        last = '';
        timer = setTimeout(look, 0);
      } else if (last !== '') tell(last);
    },
  };
}

function eventOf(live: Live): string {
  return `event: live\ndata: ${JSON.stringify(live)}\n\n`;
}
