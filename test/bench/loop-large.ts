/**
 * The loop with a large generator: a StyleGAN2 config-f of 512 px with random weights and a real Label Studio. Seconds from the submit of the 16th
 * annotation, the features of 15 being cached, until its version is the current one; median of three submits of which each has one picture more. Pictures
 * are annotated by their brightness.
 *
 *     npm run bench:loop-large
 */
import { setTimeout as wait } from 'node:timers/promises';
import { startLabellingProject } from './support/labelling-project.ts';
import { machine, median, report } from './support/report.ts';
import { writeRandom } from './support/write-random.ts';

const RESOLUTION = 512;
const ANNOTATED = 16;
const SUBMITS = 3;

const project = await startLabellingProject({
  seedTasks: ANNOTATED + SUBMITS,
  generator: { name: 'config-f', write: (generators) => writeRandom(generators, 'config-f', RESOLUTION) },
});
const seconds: number[] = [];
const parts: unknown[] = [];
try {
  const current = async () => (await project.detail()).currentVersion;
  const idle = async () => {
    while ((await project.detail()).jobs.some(({ state }) => state === 'queued' || state === 'running')) await wait(500);
  };
  for (const [index, task] of project.tasks.slice(0, ANNOTATED + SUBMITS - 1).entries()) {
    const measured = index + 1 >= ANNOTATED;
    if (measured || index === ANNOTATED - 2) await idle();
    const before = await current();
    const began = await project.annotate(task);
    if (!measured) continue;
    let version = before;
    while (version === before || version === null) {
      await wait(50);
      version = await current();
    }
    seconds.push((performance.now() - began) / 1000);
    await idle();
    parts.push((await project.job('train'))?.result?.seconds);
  }
} finally {
  await project.stop();
}
console.log(`loop: config-f of ${RESOLUTION} px, features cached, median of ${SUBMITS}; ${machine()}`);
report(`${ANNOTATED} annotated: submit -> version swapped`, median(seconds), 8, 's');
for (const part of parts) console.log(`  ${JSON.stringify(part)}`);
