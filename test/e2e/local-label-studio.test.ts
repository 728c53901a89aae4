import axios from 'axios';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalLabelStudio, startLabelStudio } from '../../src/cli/label-studio/local-label-studio.ts';
import { makePersonalAccessToken } from '../../src/cli/label-studio/session-token.ts';
import { createProject, listProjects } from '../../src/label-studio/client/projects.ts';
import { whoAmI } from '../../src/label-studio/client/server.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { labelStudioVenv } from '../support/needs.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';

describeWithLabelStudio('a Label Studio of our own', () => {
  let real: RealLabelStudio;
  const startAgain = () => startLabelStudio({ venv: labelStudioVenv ?? '', dataDir: real.dataDir });
  const login = ({ url, personalAccessToken: key }: LocalLabelStudio) => new Connection({ base: url, key });

  beforeAll(async () => {
    real = await startRealLabelStudio();
  });
  afterAll(() => real?.stop());

  it('is taken as it runs, not started twice on one folder', async () => {
    const same = await startAgain();
    expect(same).toMatchObject({ url: real.url, email: real.email, password: real.password });
    expect(same.personalAccessToken).toBe(real.personalAccessToken);
  });

  it('gets a new token when the kept one was revoked', async () => {
    await makePersonalAccessToken(real.url, real);
    await expect(whoAmI(login(real))).rejects.toMatchObject({ code: 'label-studio-unauthorized' });
    const again = await startAgain();
    expect((await whoAmI(login(again))).email).toBe(real.email);
  });

  it('refuses a wrong password', async () => {
    await expect(makePersonalAccessToken(real.url, { ...real, password: 'wrong' })).rejects.toMatchObject({
      code: 'label-studio-unauthorized',
    });
  });

  it('ends when told to, and starts again with everything there', async () => {
    const before = await startAgain();
    await createProject(login(before), { title: 'Kept' });
    await before.stop();
    await expect(axios.get(`${before.url}/health`, { proxy: false })).rejects.toThrow();
    const after = await startAgain();
    try {
      expect(after.personalAccessToken).toBe(before.personalAccessToken);
      const titles = (await Array.fromAsync(listProjects(login(after)))).map(({ title }) => title);
      expect(titles).toContain('Kept');
    } finally {
      await after.stop();
    }
  });
});
