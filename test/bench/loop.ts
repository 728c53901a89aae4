/**
 * The loop as an annotator meets it: a real Label Studio, portraits-256, and 100 tasks more than are annotated. Seconds from the submit of the first,
 * fourth and sixteenth annotation until its version is the current one; until the label stream, asked for the next task a second after the submit, gives
 * one with that version's prediction; and until Label Studio has its predictions of 100 tasks.
 *
 *     npm run bench:loop
 */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { notAnnotated, predictedBy } from '../../src/label-studio/client/task-query.ts';
import { countTasks } from '../../src/label-studio/client/tasks.ts';
import { startLabellingProject } from './support/labelling-project.ts';
import { machine, median, report } from './support/report.ts';

const OTHERS = 100;
/** Submits that are measured: at 1, at 4 and 5, at 16 to 18 annotated. */
const MEASURED = new Map([
  [1, 1],
  [4, 4],
  [5, 4],
  [16, 16],
  [17, 16],
  [18, 16],
]);
const NEXT = z.looseObject({ predictions: z.array(z.looseObject({ model_version: z.string().nullish() })) });

const last = Math.max(...MEASURED.keys());
const project = await startLabellingProject({ seedTasks: last + OTHERS });
const figures = new Map([1, 4, 16].map((count) => [count, { swap: [] as number[], next: [] as number[], all: [] as number[] }]));
try {
  const { connection, id, tasks } = project;
  const current = async () => (await project.detail()).currentVersion;
  const idle = async () => {
    while ((await project.detail()).jobs.some(({ state }) => state === 'queued' || state === 'running')) await wait(200);
  };
  for (let annotated = 1; annotated <= last; annotated++) {
    const group = MEASURED.get(annotated);
    if (group === undefined) {
      await project.annotate(tasks[annotated - 1]!);
      continue;
    }
    await wait(1000);
    await idle();
    const before = await current();
    const began = await project.annotate(tasks[annotated - 1]!);
    const since = () => (performance.now() - began) / 1000;
    const shown = (async () => {
      await wait(1000);
      for (;;) {
        const { predictions } = await connection.json(NEXT, { method: 'GET', path: `/api/projects/${id}/next/` });
        if (predictions.some(({ model_version: version }) => version !== before && version?.startsWith('dg-'))) return since();
        await wait(50);
      }
    })();
    let version = before;
    while (version === before || version === null) {
      await wait(50);
      version = await current();
    }
    const own = figures.get(group)!;
    own.swap.push(since());
    own.next.push(await shown);
    while ((await countTasks(connection, id, [notAnnotated, predictedBy(version)])) < OTHERS) await wait(250);
    own.all.push(since());
    await idle();
  }
} finally {
  await project.stop();
}
console.log(`loop: portraits-256, ${OTHERS} tasks and more wait, medians of 1, 2 and 3 submits; ${machine()}`);
for (const [count, { swap, next, all }] of figures) {
  report(`${count} annotated: submit -> version swapped`, median(swap), 3, 's');
  report(`${count} annotated: submit -> next task of the stream`, median(next), 4, 's');
  report(`${count} annotated: submit -> 100 tasks re-predicted`, median(all), 20, 's');
}
