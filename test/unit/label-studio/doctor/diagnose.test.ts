import { expect, it } from 'vitest';
import { diagnose } from '../../../../src/label-studio/doctor/diagnose.ts';
import { startFakeLabelStudio } from '../../../support/fake-label-studio.ts';

it('says which settings are missing, also for projects whose Label Studio is not named', async () => {
  const problem = { message: "Nothing to tell apart: only 'Hair' is annotated.", fix: 'Annotate at least two labels.' };
  const project = { host: 'http://ls:8080', id: 3, title: 'Faces', uid: null, address: null, currentVersion: null, problem };
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

it('goes by the address that Label Studio has of us, such as that of a proxy', async () => {
  const url = 'https://tools.example/dg';
  const answers: Readonly<Record<string, object>> = {
    '/api/current-user/whoami': { id: 1, email: 'a@example.com' },
    '/api/version': { release: '1.23.2' },
    '/api/projects/3/': { id: 3, title: 'Faces', label_config: '<View/>', created_at: '2026-11-24T10:00:00Z' },
    '/api/projects/3/model-versions/': {
      static: [],
      live: [{ id: 1, url: `${url}/`, title: 'DatasetGAN', state: 'CO', project: 3 }],
    },
    '/api/webhooks/': [],
  };
  const fake = await startFakeLabelStudio(({ method, path, body }) => {
    if (method === 'GET') return answers[path] === undefined ? { status: 404 } : { status: 200, json: answers[path] };
    return { status: 400, json: { detail: body.includes(url) ? 'Invalid pk' : 'URL resolves to a reserved network address' } };
  });
  try {
    const project = { host: fake.url, id: 3, title: 'Faces', uid: null, address: url, currentVersion: null, problem: null };
    const labelStudios = [{ url: fake.url, apiKey: '0123456789abcdef0123456789abcdef01234567' }];
    const sections = await Array.fromAsync(diagnose({ labelStudios, ours: ['http://127.0.0.1:9090'], projects: [project] }));
    expect(sections[0]!.findings).toContainEqual({ level: 'ok', what: `Label Studio accepts ${url} as a backend` });
    expect(sections[1]!.findings).toContainEqual({ level: 'ok', what: `connected to ${url}/ as "DatasetGAN"` });
  } finally {
    await fake.close();
  }
});
