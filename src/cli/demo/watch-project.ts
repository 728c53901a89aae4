import { setTimeout as wait } from 'node:timers/promises';
import { toError } from '../../errors.ts';
import type { Progress } from '../progress.ts';
import { type DemoProject, projectDetail } from './demo-project.ts';
import type { DemoStep } from './demo-record.ts';
import { measureVersion } from './measure.ts';

const POLL_INTERVAL_MS = 2000;

/** Until the signal: says what each further version is worth, for whoever annotates in the browser now. */
export async function watchProject(
  project: DemoProject,
  last: Pick<DemoStep, 'version' | 'mIoU'> | undefined,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  let known = last;
  let trouble = '';
  while (!signal.aborted) {
    try {
      const { currentVersion, versions } = await projectDetail(project);
      if (currentVersion !== null && currentVersion !== known?.version) {
        const mIoU = await progress.during(currentVersion, (tell) => measureVersion(project, tell, signal));
        const annotated = versions.find(({ current }) => current)?.annotatedImages ?? 0;
        const before = known?.mIoU?.toFixed(3) ?? '-';
        progress.say(`  ${annotated} annotated: version ${currentVersion}, mIoU ${mIoU?.toFixed(3) ?? '-'} (before: ${before})`);
        known = { version: currentVersion, mIoU };
      }
      trouble = '';
    } catch (thrown) {
      const { message } = toError(thrown);
      if (!signal.aborted && message !== trouble) progress.say(`  ${message}`);
      trouble = message;
    }
    await wait(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
