import type { Findings } from '../api/answers.ts';
import { knownProject } from '../api/known-project.ts';
import { diagnose, type Section } from '../label-studio/doctor/diagnose.ts';
import { warn } from '../label-studio/doctor/finding.ts';
import { ownAddresses } from '../label-studio/doctor/own-addresses.ts';
import { OWN_COMMAND } from '../own-command.ts';
import { versionsOfProject } from '../store/project-versions.ts';
import { listProjects } from '../store/projects.ts';
import type { Product } from './product/product.ts';
import { projectView, versionView } from './projects/project-view.ts';

/** Each project costs a few requests to its Label Studio. */
const MOST_PROJECTS = 50;
const PATIENCE_MS = 45_000;

/**
 * What `datasetgan doctor` finds, as the server itself sees it: its own settings, the newest of its projects.
 * @param own address of this server
 */
export async function serverFindings(
  { settings, store }: Pick<Product, 'settings' | 'store'>,
  own: string,
  signal: AbortSignal,
): Promise<Findings> {
  const rows = (await listProjects(store.db, 'labelling')).filter(({ state }) => state !== 'gone');
  const looked = rows.slice(-MOST_PROJECTS);
  const projects = [];
  for (const row of looked) {
    const versions = await versionsOfProject(store.db, row.key);
    projects.push(
      knownProject(
        projectView(row),
        versions.map((version) => versionView(version, row.current_version)),
      ),
    );
  }
  const { labelStudios } = settings;
  const late = AbortSignal.timeout(PATIENCE_MS);
  const stop = AbortSignal.any([signal, late]);
  const sections: Section[] = [];
  for await (const section of diagnose({ labelStudios, ours: ownAddresses(own, settings), projects }, stop)) {
    if (stop.aborted) break;
    sections.push(section);
  }
  signal.throwIfAborted();
  if (late.aborted || looked.length < rows.length)
    sections.push({
      title: 'Other projects',
      findings: [warn('Not all projects were looked at.', `For all of them, run: ${OWN_COMMAND} doctor`)],
    });
  return sections.map(({ labelStudio = null, ...section }) => ({ ...section, labelStudio }));
}
