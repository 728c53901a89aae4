import { expect, it } from 'vitest';
import { diagnose } from '../../../../src/label-studio/doctor/diagnose.ts';

it('says which settings are missing, also for projects whose Label Studio is not named', async () => {
  const problem = { message: "Nothing to tell apart: only 'Hair' is annotated.", fix: 'Annotate at least two labels.' };
  const project = { host: 'http://ls:8080', id: 3, title: 'Faces', uid: null, currentVersion: null, problem };
  const sections = await Array.fromAsync(diagnose({ labelStudios: [], ours: ['http://localhost:9090'], projects: [project] }));
  expect(sections).toMatchObject([
    { title: 'Label Studio', findings: [{ level: 'fail', what: expect.stringContaining('LABEL_STUDIO_URL is not set') }] },
    {
      title: 'project 3 "Faces"',
      findings: [
        { level: 'fail', what: problem.message, fix: problem.fix },
        { level: 'warn', fix: expect.stringContaining('Add http://ls:8080 to LABEL_STUDIO_URL') },
      ],
    },
  ]);
});
