import type { Kysely } from 'kysely';
import type { OrderableVersion, OrderChoices } from '../../label-studio/orders-form/orders-form.ts';
import { versionsOfProject } from '../../store/project-versions.ts';
import { listProjects } from '../../store/projects.ts';
import type { Database, Project } from '../../store/schema.ts';
import { annotatedTexts } from '../product/annotated-texts.ts';
import { trainingOf } from '../product/version-record.ts';
import { hasPhotographs } from '../projects/photo-settings.ts';
import { versionView } from '../projects/project-view.ts';

/** Of each source project, and of the projects that take datasets, so many of the newest are offered. */
const OFFERED = 10;

/** The labelling projects of a Label Studio that datasets can be made from. */
export async function sourceProjects(db: Kysely<Database>, host: string): Promise<Project[]> {
  const projects = await listProjects(db, 'labelling');
  const live = projects.filter(({ host: own, state }) => own === host && state !== 'gone' && state !== 'disconnected');
  return live.filter((project) => !hasPhotographs(project));
}

/** What the form offers: sources, their versions, the labels and keypoints of the newest, and the projects that have taken datasets before. */
export async function orderChoices(db: Kysely<Database>, host: string, sources: readonly Project[]): Promise<OrderChoices> {
  const named = ({ ls_id: id, title }: Project) => ({ id, title });
  const labels = new Set<string>();
  const versions: OrderableVersion[] = [];
  for (const source of sources) {
    const own = await versionsOfProject(db, source.key, { limit: OFFERED });
    for (const version of own) {
      const { id, annotatedImages, mIoU } = versionView(version, null);
      versions.push({ id, project: named(source), annotated: annotatedImages, mIoU });
    }
    if (own[0] === undefined) continue;
    const shown = annotatedTexts(trainingOf(own[0]));
    for (const text of [...shown.labels, ...shown.keypoints]) labels.add(text);
  }
  const takers = (await listProjects(db, 'dataset')).filter((project) => project.host === host && project.state !== 'gone');
  return {
    projects: sources.map((source) => ({ ...named(source), trained: source.current_version !== null })),
    versions,
    destinations: takers.slice(-OFFERED).reverse().map(named),
    labels: [...labels],
  };
}
