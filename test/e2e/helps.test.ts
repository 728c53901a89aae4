import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Job } from '../../src/api/answers.ts';
import { chooseNextTask } from '../../src/interpreter/inference/choose-next.ts';
import { Random } from '../../src/interpreter/learning/random.ts';
import { imageOfTask } from '../../src/jobs/projects/task-picture.ts';
import { createAnnotation } from '../../src/label-studio/client/annotations.ts';
import { listPredictions } from '../../src/label-studio/client/predictions.ts';
import { getProject } from '../../src/label-studio/client/projects.ts';
import { predictedTasks } from '../../src/store/predictions.ts';
import { findProjectsByLsId } from '../../src/store/projects.ts';
import { listTasks } from '../../src/store/tasks.ts';
import { brushConfig, paintedRegions, truthMap } from '../support/annotator.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { swapLabels } from '../support/swap-labels.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const TASK = z.looseObject({ id: z.number() });
const USER = z.looseObject({ id: z.number() });
const SLIP_SEED = 3;

describeWithLabelStudio('what helps annotators, in a real Label Studio', () => {
  let both: BothServers;
  let project: ConnectedProject;
  beforeAll(async () => {
    both = await startBothServers({ name: 'helps' });
    project = await ConnectedProject.connect(both.connection, both.server, { tasks: 6, config: brushConfig(['hair', 'face']) });
    for (let seed = 0; seed < 6; seed++) {
      const truth = truthMap(project.config, seed);
      const map = seed === SLIP_SEED ? swapLabels(truth, new Random(0, 'folds')).map : truth;
      await project.learn(seed, { result: paintedRegions(project.config, map) });
    }
  });
  afterAll(() => both?.stop());

  it('the learning curve has a point for each version, and the newest one a forecast', async () => {
    const { learningCurve, versions } = await project.detail();
    expect(learningCurve.map(({ annotatedImages }) => annotatedImages)).toEqual([2, 3, 4, 5, 6]);
    expect(learningCurve.at(-1)!.version).toBe(versions[0]!.id);
    expect(learningCurve.at(-1)!.forecast).toMatchObject({ more: 8 });
  });

  it('two labels that were taken for each other are listed first, with a link to the task', async () => {
    const { slips, currentVersion } = await project.detail();
    expect(slips.version).toBe(currentVersion);
    const task = await project.taskOf(SLIP_SEED);
    const url = `${both.real.url}/projects/${project.id}/data?task=${task}`;
    expect(slips.regions[0]).toMatchObject({ task, url });
    expect([slips.regions[0]!.label, slips.regions[0]!.seen].sort()).toEqual(['face', 'hair']);
  });

  it('what a second user drew counts, since it came later, and is compared with what the first one drew', async () => {
    const { connection, real, server } = both;
    const body = { email: 'second@example.com', username: 'second', password: 'only-for-this-test' };
    const { id: second } = await connection.json(USER, { method: 'POST', path: '/api/users/', body });
    const own = truthMap(project.config, 1);
    const hair = project.config.labels.indexOf('hair');
    const onlyHair = { ...own, data: own.data.map((label) => (label === hair ? label : 0)) };
    const task = await project.taskOf(1);
    await project.afterTraining(() =>
      createAnnotation(connection, task, {
        result: paintedRegions(project.config, onlyHair),
        lead_time: 20,
        completed_by: second,
      }),
    );
    const { agreement } = await project.detail();
    expect(agreement.labels).toEqual({ hair: { iou: 1, pictures: 1 }, face: { iou: 0, pictures: 1 } });
    expect(agreement.pictures).toMatchObject([{ task, counted: { user: second }, iou: { hair: 1, face: 0 } }]);
    expect(agreement.pictures[0]!.other.user).not.toBe(second);

    const env = { ...process.env, DATA_DIR: server.product.folder.root, HOST: '127.0.0.1', PORT: new URL(server.url).port };
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'project', String(project.id)], { env });
    expect(stdout).toContain('How far to go');
    expect(stdout).toContain('Annotations to look at again');
    expect(stdout).toContain(`task ${task}: annotation ${agreement.pictures[0]!.counted.annotation} of user ${second} counts`);
    expect(stdout).toContain(`${real.url}/projects/${project.id}/data?task=`);
  });

  it('"sampling": "next" makes the label stream begin with what is worth annotating most', async () => {
    const { connection, server } = both;
    const config = brushConfig(['hair', 'face']);
    const next = await ConnectedProject.connect(connection, server, { tasks: 8, config, extra: { sampling: 'next' } });
    await next.learn(0);
    const version = await next.learn(1);
    expect((await getProject(connection, next.id)).sampling).toBe('Uncertainty sampling');
    const annotated = [await next.taskOf(0), await next.taskOf(1)];

    const { product } = server;
    const [row] = await findProjectsByLsId(product.store.db, next.id);
    const { db } = product.store;
    const images = new Map((await listTasks(db, row!.key)).map((task) => [task.task_id, imageOfTask(task)]));
    const open = (await predictedTasks(db, row!.key, version)).filter(({ task_id: id }) => !annotated.includes(id));
    const candidates = open.map(({ task_id: id }) => images.get(id)!);
    const generator = await product.generators.find('portraits-256');
    const chosen = await product.engine.run(
      chooseNextTask,
      {
        generator,
        candidates,
        uncertainty: open.map(({ js }) => js),
        annotated: [0, 1].map((seed) => ({ ...candidates[0]!, seed })),
        count: open.length,
      },
      { lane: 'batch' },
    );
    const scores = new Map<number, number>();
    for (const { task_id: task } of open)
      for (const { model_version: of, score } of await listPredictions(connection, task))
        if (of === version) scores.set(task, score!);
    const inOrder = [...scores].sort((a, b) => a[1] - b[1]).map(([task]) => task);
    expect(inOrder).toEqual(chosen.map((index) => open[index]!.task_id));
    const lowest = Math.min(...open.map(({ score }) => score));
    for (const score of scores.values()) expect(score).toBeLessThan(lowest);
    const stream = { method: 'GET', path: `/api/projects/${next.id}/next/` } as const;
    expect((await connection.json(TASK, stream)).id).toBe(inOrder[0]);

    const job = await server.api<Job>('POST', `/api/projects/${next.id}/seed`, { count: 2, candidates: 6 });
    await next.idle();
    expect(await server.api('GET', `/api/jobs/${job.id}`)).toMatchObject({ state: 'completed', result: { tasks: 2, made: 2 } });
    const added = [...(await next.tasks()).keys()].filter((seed) => seed >= 8);
    expect(added).toHaveLength(2);
    for (const seed of added) expect(seed).toBeLessThan(14);
  });
});
