import { useEffect } from 'preact/hooks';
import type { Job } from '../api/answers.ts';
import { type Asked, useAnswer } from './use-answer.ts';

const ASK_EVERY_MS = 2000;

/** Whether a job has not ended. */
export const isRunning = ({ state }: Job): boolean => state === 'queued' || state === 'running';

/** A job until it has ended. One that ends between two looks of the server changes nothing there, so that it is asked for as well. */
export function useJob(id: string | null): Asked<Job> {
  const asked = useAnswer<Job>(id === null ? null : `/api/jobs/${id}`, { live: true });
  const { answer, reload } = asked;
  const runs = answer !== undefined && isRunning(answer);
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(reload, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [runs, reload]);
  return asked;
}
