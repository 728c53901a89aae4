import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Connection } from '../../src/label-studio/connection/connection.ts';
import { type BothServers, startBothServers } from '../support/both-servers.ts';
import { ConnectedProject } from '../support/connected-project.ts';
import type { InnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio } from '../support/real-label-studio.ts';
import { until } from '../support/until.ts';

const SLOWNESS_MS = 5000;
const NEXT = z.looseObject({ id: z.number(), predictions: z.array(z.looseObject({ model_version: z.string() })) });

describeWithLabelStudio('a generator of 5 s a picture, and a submit in the middle of each refresh', () => {
  let both: BothServers;
  let server: InnerServer;
  let connection: Connection;

  beforeAll(async () => {
    both = await startBothServers({ name: 'slow-generator' });
    ({ server, connection } = both);
  });
  afterAll(() => both?.stop());

  it('every task ends on the newest version, and the label stream is always at the current one', async () => {
    const project = await ConnectedProject.connect(connection, server, { tasks: 10 });
    server.engine.slowDown(SLOWNESS_MS);
    const stale: string[] = [];
    let looks = 0;
    let working = true;
    const current = async () => (await project.detail()).currentVersion;
    // What an annotator would get who asks for the next task all the time.
    const watching = (async () => {
      while (working) {
        const before = await current();
        const { id, predictions } = await connection.json(NEXT, { method: 'GET', path: `/api/projects/${project.id}/next/` });
        const after = await current();
        const shown = predictions.map((prediction) => prediction.model_version);
        // A swap may fall into the request: then either version was the current one.
        const right = before === null || (shown.length > 0 && shown.every((version) => [before, after].includes(version)));
        if (!right) stale.push(`task ${id} showed [${shown.join()}] while ${before} → ${after} was current`);
        if (before !== null) looks++;
        await wait(200);
      }
    })();
    try {
      for (const seed of [0, 1, 2]) {
        await project.annotate(seed);
        await until('its version is refreshed', async () => {
          const { jobs, versions } = await project.detail();
          return (
            versions[0]?.annotatedImages === seed + 1 &&
            jobs.some(({ kind, state, done }) => kind === 'refresh' && state === 'running' && done > 0)
          );
        });
      }
      await project.idle();
    } finally {
      working = false;
      await watching;
    }
    expect(stale).toEqual([]);
    expect(looks).toBeGreaterThan(10);
    const { currentVersion: version, versions } = await project.detail();
    expect(versions.map(({ annotatedImages }) => annotatedImages)).toEqual([3, 2, 1]);
    expect(versions[0]!.id).toBe(version);
    const predictions = await project.predictions();
    for (const seed of [3, 4, 5, 6, 7, 8, 9])
      expect(predictions.get(seed)!.filter(({ model_version: of }) => of === version)).toHaveLength(1);
    expect(await project.shownVersion()).toBe(version);
    // The refreshes of the versions before were left for the newer one.
    const superseded = (await project.jobs('refresh')).filter(({ result }) => result?.superseded === true);
    expect(superseded.length).toBeGreaterThan(0);
  });
});
