import { DatasetGanError, fixOf, toError } from '../../errors.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import type { LabelStudioAddress } from '../../settings.ts';
import { modelVersions } from '../client/model-versions.ts';
import { getProject, listProjects, projectUid } from '../client/projects.ts';
import { probeAddress, serverVersion, whoAmI } from '../client/server.ts';
import { listWebhooks } from '../client/webhooks.ts';
import { Connection } from '../connection/connection.ts';
import { checkAddress } from './check-address.ts';
import { checkBackends } from './check-backends.ts';
import { checkLabels, type TrainedLabels } from './check-labels.ts';
import { checkServer, type ServerFacts } from './check-server.ts';
import { checkShownVersion } from './check-shown-version.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { type Finding, fail, warn } from './finding.ts';
import { isOurs } from './same-server.ts';

/** A labelling project as we know it. */
export interface KnownProject {
  /** Base address of its Label Studio. */
  readonly host: string;
  readonly id: number;
  readonly title: string;
  /** `<id>.<created_at>`; null when not known. */
  readonly uid: string | null;
  /** Where its Label Studio reaches this server, which may be a proxy's address; null when not known. */
  readonly address: string | null;
  readonly currentVersion: (TrainedLabels & { readonly id: string }) | null;
  /** The last failure in its record. */
  readonly problem: { readonly message: string; readonly fix?: string } | null;
}

export interface Questions {
  readonly labelStudios: readonly LabelStudioAddress[];
  /** Addresses of this server, the one Label Studio should use first. */
  readonly ours: readonly string[];
  /** null: this server does not run; the projects that Label Studio connects to us are looked at. */
  readonly projects: readonly KnownProject[] | null;
}

export interface Section {
  readonly title: string;
  /** Version of the Label Studio that it is about; null: it did not say. */
  readonly labelStudio?: string | null;
  readonly findings: readonly Finding[];
}

/** Looks at every Label Studio of LABEL_STUDIO_URL and every project of ours. Changes nothing, and makes Label Studio call nobody. */
export async function* diagnose({ labelStudios, ours, projects }: Questions, signal?: AbortSignal): AsyncGenerator<Section> {
  if (labelStudios.length === 0)
    yield {
      title: 'Label Studio',
      findings: [
        fail(
          'LABEL_STUDIO_URL is not set, and no demo runs',
          `Set it and LABEL_STUDIO_API_KEY (a personal access token) in .env or the environment. Or start the demo: ${OWN_COMMAND} demo`,
        ),
      ],
    };
  for (const address of labelStudios) {
    const { facts, connection } = await askServer(address, signal);
    const reachable = connection !== null && facts.error === null;
    const entry = projects?.find((project) => project.host === connection?.base && project.address !== null)?.address ?? ours[0];
    const here = entry !== undefined && reachable ? checkAddress(entry, await probeAddress(connection, entry, signal)) : [];
    yield { title: address.url, labelStudio: facts.version, findings: [...checkServer(facts), ...here] };
    if (!reachable) continue;
    const known = projects?.filter(({ host }) => host === connection.base) ?? (await connectedProjects(connection, ours, signal));
    for (const project of known) yield { title: nameOf(project), findings: await askProject(connection, project, ours, signal) };
  }
  for (const project of projects ?? []) {
    if (labelStudios.some(({ url }) => url === project.host)) continue;
    const fix = `Add ${project.host} to LABEL_STUDIO_URL, and its token to LABEL_STUDIO_API_KEY.`;
    yield {
      title: nameOf(project),
      findings: [...recorded(project), warn(`its Label Studio, ${project.host}, is not in LABEL_STUDIO_URL`, fix)],
    };
  }
}

/** A problem is followed by what fixes it, whatever else is wrong. */
const recorded = ({ problem }: Pick<KnownProject, 'problem'>): Finding[] =>
  problem === null ? [] : [fail(problem.message, fixOf(problem))];

const nameOf = ({ id, title }: KnownProject) => `project ${id} "${title}"`;

async function askServer(
  { url, apiKey }: LabelStudioAddress,
  signal: AbortSignal | undefined,
): Promise<{ facts: ServerFacts; connection: Connection | null }> {
  const nothing = { base: url, user: null, version: null, kind: null };
  try {
    if (apiKey === null)
      throw new DatasetGanError('bad-token', `There is no LABEL_STUDIO_API_KEY for ${url}.`, {
        fix: 'In Label Studio open Account & Settings, Personal Access Token, create one, and put it into LABEL_STUDIO_API_KEY.',
      });
    const connection = new Connection({ base: url, key: apiKey });
    const { email } = await whoAmI(connection, signal);
    const version = await serverVersion(connection, signal);
    return { facts: { base: url, user: email, version, kind: connection.kind, error: null }, connection };
  } catch (thrown) {
    return { facts: { ...nothing, error: toError(thrown) }, connection: null };
  }
}

async function askProject(
  connection: Connection,
  { id, uid, address, currentVersion, problem }: KnownProject,
  settings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const findings = recorded({ problem });
  const ours = [...new Set([...(address === null ? [] : [address]), ...settings])];
  try {
    const project = await getProject(connection, id, signal);
    if (uid !== null && projectUid(project) !== uid)
      return [
        fail(
          `this project is not the connected one, but another with the same number`,
          'Set LABEL_STUDIO_URL to the Label Studio that was connected.',
        ),
      ];
    const { backends } = await modelVersions(connection, id, signal);
    const title = backends.find(({ url }) => isOurs(url, ours))?.title ?? null;
    return [
      ...findings,
      ...checkBackends(backends, ours),
      ...checkWebhooks(await listWebhooks(connection, id, signal), ours),
      ...checkLabels(project.label_config, currentVersion),
      ...checkShownVersion({ project, title, currentVersion: currentVersion?.id ?? null }),
    ];
  } catch (thrown) {
    const error = toError(thrown);
    return [...findings, fail(error.message, fixOf(error))];
  }
}

/** The newest projects only: each costs a request. */
const SCANNED = 100;

async function connectedProjects(
  connection: Connection,
  ours: readonly string[],
  signal: AbortSignal | undefined,
): Promise<KnownProject[]> {
  const found: KnownProject[] = [];
  let scanned = 0;
  for await (const { id, title } of listProjects(connection, signal)) {
    if (++scanned > SCANNED) break;
    const { backends } = await modelVersions(connection, id, signal);
    if (backends.some(({ url }) => isOurs(url, ours)))
      found.push({ host: connection.base, id, title, uid: null, address: null, currentVersion: null, problem: null });
  }
  return found;
}
