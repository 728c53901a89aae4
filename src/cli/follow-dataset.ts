import { setTimeout as wait } from 'node:timers/promises';
import type { DatasetDetail } from '../api/answers.ts';
import { DatasetGanError } from '../errors.ts';
import { OWN_COMMAND } from '../own-command.ts';
import type { ApiClient } from './api-client.ts';
import { describeJob } from './describe-job.ts';
import { following } from './following.ts';
import { Progress } from './progress.ts';

const POLL_INTERVAL_MS = 500;

/**
 * Shows the progress of a dataset until no job works on it, and returns it.
 * @throws DatasetGanError its own error when it has failed; `cancelled` when it was cancelled
 */
export async function followDataset(
  api: ApiClient,
  started: DatasetDetail,
  tell?: (text: string) => void,
  signal?: AbortSignal,
): Promise<DatasetDetail> {
  const line = tell === undefined ? new Progress() : undefined;
  let now = started;
  try {
    while (now.state === 'queued' || now.state === 'running') {
      const text = describeProgress(now);
      if (line === undefined) tell?.(text);
      else line.show(text);
      await wait(POLL_INTERVAL_MS, undefined, signal === undefined ? {} : { signal });
      now = await api.get<DatasetDetail>(`/api/datasets/${now.id}`);
    }
  } finally {
    line?.end();
  }
  if (now.state === 'failed')
    throw new DatasetGanError('internal', `The dataset has failed: ${now.reasons.join(' ')}`, { fix: RESUME });
  if (now.state === 'cancelled') throw new DatasetGanError('cancelled', 'The dataset was cancelled.', { fix: RESUME });
  return now;
}

/** The same at a terminal: Ctrl-C leaves the order to the server, and says how it is stopped. Gives undefined then. */
export function followOrder(api: ApiClient, started: DatasetDetail): Promise<DatasetDetail | undefined> {
  const { id } = started;
  const goesOn = `The order continues in the server.\n→ ${OWN_COMMAND} dataset show ${id} shows its progress; ${OWN_COMMAND} dataset cancel ${id} stops it.`;
  return following(goesOn, (signal) => followDataset(api, started, undefined, signal));
}

const RESUME = `Finished pairs stay. Continue with: ${OWN_COMMAND} dataset resume ID`;

/** `synthesize  120/1112  2.6/s  382 s left  96 MB to come` */
function describeProgress({ state, job, bytesToCome }: DatasetDetail): string {
  if (job === null) return state;
  const room = job.kind === 'synthesize' && job.done > 0 ? [`${Math.ceil(bytesToCome / 1e6)} MB to come`] : [];
  return [describeJob(job), ...room].join('  ');
}
