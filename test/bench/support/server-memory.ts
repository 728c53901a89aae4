import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { getProject, projectUid } from '../../../src/label-studio/client/projects.ts';
import { notAnnotated, predictedBy } from '../../../src/label-studio/client/task-query.ts';
import { countTasks } from '../../../src/label-studio/client/tasks.ts';
import { startLabellingProject } from './labelling-project.ts';
import { predictBody } from './predict-body.ts';
import { timed } from './timed.ts';

const ANNOTATED = 16;
/** Enough for the refresh to be at work when the last annotation comes. */
const OTHERS = 8;

/**
 * The greatest resident memory (bytes) of our server's process, threads and embedded database included: a real Label Studio, 15 pictures annotated and
 * trained on; the sixteenth is submitted when the others begin to be predicted, and /predict is asked for new tasks without a pause until its version
 * has predicted all others. `phases` tells how far memory had grown by when.
 * @param generator another than the bundled one
 */
export async function serverMemory(
  generator?: Parameters<typeof startLabellingProject>[0]['generator'],
): Promise<{ peak: number; answered: number; phases: ReadonlyMap<string, number> }> {
  const project = await startLabellingProject({
    seedTasks: ANNOTATED + OTHERS,
    ...(generator === undefined ? {} : { generator }),
  });
  const phases = new Map<string, number>();
  const note = async (phase: string) => phases.set(phase, await peakOf(project.pid));
  try {
    await note('seeded');
    const uid = projectUid(await getProject(project.connection, project.id));
    const trainedOn = async (count: number) => {
      while ((await project.detail()).versions[0]?.annotatedImages !== count) await wait(50);
      await note(`${count} trained on`);
      return (await project.detail()).currentVersion!;
    };
    for (const task of project.tasks.slice(0, ANNOTATED - 1)) await project.annotate(task);
    await trainedOn(ANNOTATED - 1);

    let asking = true;
    let answered = 0;
    const ask = async () => {
      for (; asking; answered++)
        await timed(`${project.url}/predict`, Buffer.from(predictBody(project, uid, 2_000_000 + answered)));
    };
    const work = async () => {
      await project.annotate(project.tasks[ANNOTATED - 1]!);
      const version = await trainedOn(ANNOTATED);
      while ((await countTasks(project.connection, project.id, [notAnnotated, predictedBy(version)])) < OTHERS) await wait(200);
    };
    await Promise.all([ask(), work().finally(() => (asking = false))]);
    await note('all predicted');
    return { peak: await peakOf(project.pid), answered, phases };
  } finally {
    await project.stop();
  }
}

/** Bytes, as Linux keeps count of them. */
export async function peakOf(pid: number): Promise<number> {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
