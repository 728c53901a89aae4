import type { ProjectDetail, ProjectSummary } from '../api/answers.ts';
import { knownProject } from '../api/known-project.ts';
import { isError } from '../errors.ts';
import { diagnose, type KnownProject, type Section } from '../label-studio/doctor/diagnose.ts';
import { type Finding, ok, warn } from '../label-studio/doctor/finding.ts';
import { ownAddresses } from '../label-studio/doctor/own-addresses.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { type LabelStudioAddress, readSettings, type Settings } from '../settings.ts';
import { ApiClient } from './api-client.ts';
import { demoFolder, demoLabelStudioFolder } from './demo/demo-folders.ts';
import { runningLabelStudio } from './label-studio/local-label-studio.ts';
import { type FoundServer, findServer } from './running-server.ts';

/** `datasetgan doctor`: diagnoses the connection between Label Studio and this server, and suggests fixes. Exit code 1 when a check fails. */
export async function doctorCommand(): Promise<number> {
  const settings = readSettings(process.env);
  const { dataDir } = settings;
  const server = findServer(settings);
  const own = server.url;
  const projects = await knownProjects(server);
  const found = `found by ${FOUND[server.by](dataDir)}`;
  print({
    title: own,
    findings: [
      projects === null
        ? warn(
            `no server runs at this address (${found}), so its projects are not known`,
            `Start it with: ${OWN_COMMAND} serve, or the demo with: ${OWN_COMMAND} demo. If it runs elsewhere, set DATA_DIR to its folder, or HOST and PORT.`,
          )
        : ok(`this server runs (${found}), with ${projects.length} labelling projects`),
    ],
  });
  const labelStudios = await knownLabelStudios(settings);
  let failed = false;
  for await (const section of diagnose({ labelStudios, ours: ownAddresses(own, settings), projects })) {
    print(section);
    failed ||= section.findings.some(({ level }) => level === 'fail');
  }
  return failed ? 1 : 0;
}

const FOUND: Readonly<Record<FoundServer['by'], (dataDir: string) => string>> = {
  PORT: () => 'HOST and PORT',
  DATA_DIR: (dataDir) => `DATA_DIR, which is ${dataDir}`,
  demo: (dataDir) => `the demo in ${demoFolder(dataDir)}`,
  default: () => 'the usual HOST and PORT',
};

/** Those that are configured; where none is, the one that the demo runs. */
async function knownLabelStudios({ labelStudios, dataDir }: Settings): Promise<readonly LabelStudioAddress[]> {
  if (labelStudios.length > 0) return labelStudios;
  const own = await runningLabelStudio(demoLabelStudioFolder(demoFolder(dataDir)));
  return own === undefined ? [] : [own];
}

const MARKS: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' };

function print({ title, findings }: Section): void {
  process.stdout.write(`${title}\n`);
  for (const { level, what, fix } of findings)
    process.stdout.write(`  ${MARKS[level]}  ${what}\n${fix === undefined ? '' : `        → ${fix}\n`}`);
}

/** Asked from the running server, since only one program opens its data folder; null when none runs. */
async function knownProjects({ url, token }: FoundServer): Promise<KnownProject[] | null> {
  const api = new ApiClient(url, token);
  try {
    const summaries = await api.get<ProjectSummary[]>('/api/projects');
    const labelling = summaries.filter(({ kind, state }) => kind === 'labelling' && state !== 'gone');
    return await Promise.all(
      labelling.map(async (summary) => {
        const { versions } = await api.get<ProjectDetail>(`/api/projects/${encodeURIComponent(`${summary.host}|${summary.id}`)}`);
        return knownProject(summary, versions);
      }),
    );
  } catch (thrown) {
    if (isError(thrown, 'not-found')) return null;
    throw thrown;
  }
}
