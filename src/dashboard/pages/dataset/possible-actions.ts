import type { DatasetDetail } from '../../../api/answers.ts';

export type DatasetAction = 'pause' | 'resume' | 'cancel' | 'extend';

const OPEN: readonly DatasetDetail['state'][] = ['queued', 'running'];
const STOPPED: readonly DatasetDetail['state'][] = ['paused', 'failed', 'cancelled'];

/** What the server would do with a dataset in its state. All can be deleted. */
export function possibleActions({ state, parts }: Pick<DatasetDetail, 'state' | 'parts'>): DatasetAction[] {
  const open = OPEN.includes(state);
  const stopped = STOPPED.includes(state);
  return [
    ...(open ? (['pause'] as const) : []),
    ...(stopped ? (['resume'] as const) : []),
    ...(open || state === 'paused' ? (['cancel'] as const) : []),
    ...(!open && isMade({ parts }) ? (['extend'] as const) : []),
  ];
}

/** Whether all pairs are made. From then on there are a report and files. */
export function isMade({ parts }: Pick<DatasetDetail, 'parts'>): boolean {
  return parts.every(({ lastSeed }) => lastSeed !== null);
}
