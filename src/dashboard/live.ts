import { useEffect, useState } from 'preact/hooks';
import type { Live } from '../api/answers.ts';
import { request } from './request.ts';

export interface LiveState extends Live {
  /** Whether the server tells by itself; otherwise it is asked from time to time. */
  readonly connected: boolean;
}

const POLL_EVERY_MS = 3000;
/** Longer than a restart of the server takes. */
const TRY_AGAIN_MS = 5000;

let state: LiveState = { jobs: [], revision: '', connected: false };
const watchers = new Set<(state: LiveState) => void>();
let started = false;

/** Running and waiting jobs, and whether the server tells of them. One connection serves the whole page. */
export function useLive(): LiveState {
  const [seen, setSeen] = useState(state);
  useEffect(() => watchLive(setSeen), []);
  return seen;
}

/** Calls back on every change. @returns how to stop it */
export function watchLive(tell: (state: LiveState) => void): () => void {
  watchers.add(tell);
  if (!started) listen();
  started = true;
  tell(state);
  return () => watchers.delete(tell);
}

function change(next: LiveState): void {
  state = next;
  for (const tell of watchers) tell(next);
}

/** Server-sent events, and polling while these do not come. */
function listen(): void {
  let polling = false;
  const poll = async () => {
    polling = !state.connected;
    if (!polling) return;
    const live = await request<Live>('/api/live').catch(() => undefined);
    if (live !== undefined && !state.connected) change({ ...live, connected: false });
    setTimeout(poll, POLL_EVERY_MS);
  };
  const open = () => {
    const events = new EventSource('/api/events');
    events.addEventListener('live', ({ data }: MessageEvent<string>) =>
      change({ ...(JSON.parse(data) as Live), connected: true }),
    );
    events.addEventListener('error', () => {
      events.close();
      if (state.connected) change({ ...state, connected: false });
      if (!polling) void poll();
      setTimeout(open, TRY_AGAIN_MS);
    });
  };
  open();
}
