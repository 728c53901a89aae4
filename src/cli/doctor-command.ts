import { DatasetGanError } from '../errors.ts';
import type { ProjectDetail, ProjectSummary } from '../jobs/backend.ts';
import { diagnose, type KnownProject, type Section } from '../label-studio/doctor/diagnose.ts';
import type { Finding } from '../label-studio/doctor/finding.ts';
import { readSettings, type Settings } from '../settings.ts';
import { ApiClient } from './api-client.ts';

/** `datasetgan doctor`: what is wrong between Label Studio and this server, and which setting mends it. Exit code 1 when something fails. */
export async function doctorCommand(): Promise<number> {
  const settings = readSettings(process.env);
  const { host, port, callbackUrl, publicUrl, labelStudios } = settings;
  const own = `http://${['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host}:${port}`;
  const projects = await knownProjects(own, settings);
  print({
    title: own,
    findings: [
      projects === null
        ? { level: 'warn', what: 'this server does not run; its projects are not known', fix: 'Start it with: npm start' }
        : { level: 'ok', what: `this server runs, with ${projects.length} labelling projects` },
    ],
  });
  // Label Studio knows us by whichever of these was typed into its form; localhost and 127.0.0.1 are typed for one another.
  const loopback = own.includes('//127.0.0.1:') ? [own.replace('127.0.0.1', 'localhost')] : [];
  const ours = [...new Set([callbackUrl, own, ...loopback, publicUrl].filter((url) => url !== null))];
  let failed = false;
  for await (const section of diagnose({ labelStudios, ours, projects })) {
    print(section);
    failed ||= section.findings.some(({ level }) => level === 'fail');
  }
  return failed ? 1 : 0;
}

const MARKS: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' };

function print({ title, findings }: Section): void {
  process.stdout.write(`${title}\n`);
  for (const { level, what, fix } of findings)
    process.stdout.write(`  ${MARKS[level]}  ${what}\n${fix === undefined ? '' : `        → ${fix}\n`}`);
}

/** Asked from the running server, since only one program opens its data folder; null when none runs. */
async function knownProjects(own: string, { apiToken }: Settings): Promise<KnownProject[] | null> {
  const api = new ApiClient(own, apiToken ?? undefined);
  try {
    const summaries = await api.get<ProjectSummary[]>('/api/projects');
    const labelling = summaries.filter(({ kind, state }) => kind === 'labelling' && state !== 'gone');
    return await Promise.all(labelling.map((summary) => known(api, summary)));
  } catch (thrown) {
    if (thrown instanceof DatasetGanError && thrown.code === 'not-found') return null;
    throw thrown;
  }
}

async function known(api: ApiClient, { id, host, title, error: problem }: ProjectSummary): Promise<KnownProject> {
  const { versions } = await api.get<ProjectDetail>(`/api/projects/${encodeURIComponent(`${host}|${id}`)}`);
  const current = versions.find((version) => version.current);
  return {
    host,
    id,
    title,
    uid: null,
    problem,
    currentVersion: current === undefined ? null : { id: current.id, labels: current.labels },
  };
}
