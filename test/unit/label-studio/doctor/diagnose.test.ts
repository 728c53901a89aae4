import { expect, it } from 'vitest';
import { diagnose } from '../../../../src/label-studio/doctor/diagnose.ts';

it('says which settings are missing, also for projects whose Label Studio is not named', async () => {
  const project = { host: 'http://ls:8080', id: 3, title: 'Faces', uid: null, currentVersion: null, problem: 'It is down.' };
  const sections = await Array.fromAsync(diagnose({ labelStudios: [], ours: ['http://localhost:9090'], projects: [project] }));
  expect(sections).toMatchObject([
    { title: 'Label Studio', findings: [{ level: 'fail', what: 'LABEL_STUDIO_URL is not set' }] },
    {
      title: 'project 3 "Faces"',
      findings: [
        { level: 'fail', what: 'It is down.' },
        { level: 'warn', fix: expect.stringContaining('Add http://ls:8080 to LABEL_STUDIO_URL') },
      ],
    },
  ]);
});
