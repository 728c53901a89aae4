import { modelVersions } from '../../label-studio/client/model-versions.ts';
import { getProject, patchProject } from '../../label-studio/client/projects.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import { activateVersion } from '../../store/project-versions.ts';
import { requireProject, updateProject } from '../../store/projects.ts';
import type { Links, Records } from '../product/contexts.ts';
import { connectionOf } from './linked-project.ts';
import { shownVersionStep } from './shown-version.ts';

type Outcome = 'right' | 'written' | 'chosen by the user';

/** What a project's current version becomes. */
interface Swap {
  readonly projectKey: string;
  readonly versionId: string;
  /** Annotated images it was trained on. */
  readonly annotated: number;
}

/** Writes what Label Studio should show into project.model_version, unless the user chose otherwise. Says what was left alone. */
export function showVersion(product: Links, projectKey: string, signal?: AbortSignal): Promise<Outcome> {
  return show(product, projectKey, 'version', signal);
}

/**
 * Has Label Studio ask /predict for each task that is opened, until the version that is being trained is current (showVersion ends it otherwise). Not
 * where it chooses tasks by uncertainty: that needs the version's name, and the right next task is worth more than the newest prediction.
 */
export async function askAboutEachTask(product: Links, projectKey: string): Promise<void> {
  await show(product, projectKey, 'training', undefined);
}

/** Makes a version the project's current one and asks for its predictions of the other tasks. Gives the id of that job. */
export async function swapVersion(
  product: Records & Links,
  { projectKey, versionId, annotated }: Swap,
  signal?: AbortSignal,
): Promise<string> {
  // First back to the title, or the label stream would go on to show the old version's predictions.
  await show(product, projectKey, 'swap', signal);
  await activateVersion(product.store.db, { projectKey, versionId, annotated });
  // Whoever looked in between may have put the old version back.
  await showVersion(product, projectKey, signal);
  return await product.queues.enqueue('refresh', { projectKey, versionId });
}

async function show(
  product: Links,
  projectKey: string,
  what: 'version' | 'training' | 'swap',
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const row = await requireProject(product.store.db, projectKey);
  const connection = connectionOf(product, row.host);
  const { model_version: found = null, sampling } = await getProject(connection, row.ls_id, signal);
  if (what === 'training' && sampling === 'Uncertainty sampling') return 'right';
  if (row.backend_title === null) return 'right';
  const step = shownVersionStep({
    found,
    title: row.backend_title,
    written: row.shown_version,
    current: row.current_version,
    complete: what === 'version' && row.current_version !== null && row.refreshed_version === row.current_version,
  });
  const write = (value: string) => updateProject(product.store.db, projectKey, { shown_version: value });
  if ('keep' in step) {
    // We may have died between writing the value and recording it: what is right is ours again.
    if (step.keep === 'right' && found !== null && found !== row.shown_version) await write(found);
    return step.keep;
  }
  // Label Studio refuses a version of which it has no predictions: every task is annotated.
  const isTitle = step.write === row.backend_title;
  if (!isTitle && !(await hasPredictions(connection, row.ls_id, step.write, signal))) return 'right';
  await patchProject(connection, row.ls_id, { model_version: step.write }, signal);
  await write(step.write);
  return 'written';
}

async function hasPredictions(connection: Connection, project: number, version: string, signal?: AbortSignal): Promise<boolean> {
  const { predictions } = await modelVersions(connection, project, signal);
  return predictions.some((stored) => stored.version === version && stored.count > 0);
}
