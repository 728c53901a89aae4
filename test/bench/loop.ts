/**
 * The loop as an annotator meets it: a real Label Studio, portraits-256, 16 annotated pictures and 100 more tasks. Seconds from the submit of
 * the sixteenth until its version is the current one, and until Label Studio has that version's prediction for every other task.
 */
import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { notAnnotated, predictedBy } from '../../src/label-studio/client/task-query.ts';
import { countTasks } from '../../src/label-studio/client/tasks.ts';
import { startLabellingProject } from './support/labelling-project.ts';

const ANNOTATED = 16;
const OTHERS = 100;
const ROUNDS = 3;

const project = await startLabellingProject({ seedTasks: ANNOTATED + OTHERS + ROUNDS - 1 });
const swaps: number[] = [];
const refreshes: number[] = [];
try {
  const idle = async () => {
    while ((await project.detail()).jobs.some(({ state }) => state === 'queued' || state === 'running')) await wait(200);
  };
  for (const task of project.tasks.slice(0, ANNOTATED - 1)) await project.annotate(task);
  await wait(1000);
  await idle();
  for (let round = 0; round < ROUNDS; round++) {
    const before = (await project.detail()).currentVersion;
    const began = await project.annotate(project.tasks[ANNOTATED - 1 + round]!);
    let version = before;
    while (version === before || version === null) {
      await wait(50);
      version = (await project.detail()).currentVersion;
    }
    swaps.push((performance.now() - began) / 1000);
    const others = OTHERS + ROUNDS - 1 - round;
    while ((await countTasks(project.connection, project.id, [notAnnotated, predictedBy(version)])) < others) await wait(250);
    refreshes.push(((performance.now() - began) / 1000) * (OTHERS / others));
    await idle();
  }
} finally {
  await project.stop();
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
console.log(
  `loop: portraits-256, ${ANNOTATED} annotated, median of ${ROUNDS}; ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`,
);
const report = (name: string, figure: number, anchor: number) =>
  console.log(
    `  ${name.padEnd(40)} ${figure.toFixed(1).padStart(6)} s  anchor ${anchor} s  ratio ${(anchor / figure).toFixed(2)}x`,
  );
report('submit -> version swapped', median(swaps), 10);
report('submit -> 100 tasks re-predicted', median(refreshes), 40);
