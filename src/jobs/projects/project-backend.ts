import type { Job, JobKind, ProjectDetail } from '../../api/answers.ts';
import type { ProjectBackend } from '../../api/backend.ts';
import { DatasetGanError } from '../../errors.ts';
import { editorColours } from '../../label-studio/label-config/editor-colours.ts';
import { listJobs, requireJob } from '../../store/jobs.ts';
import { countPhotographs } from '../../store/photographs.ts';
import {
  countVersions,
  measuredVersions,
  type OwnVersion,
  versionOfProject,
  versionsOfProject,
} from '../../store/project-versions.ts';
import { listProjects } from '../../store/projects.ts';
import type { JobRow, Project } from '../../store/schema.ts';
import { countTasks } from '../../store/tasks.ts';
import type { ProjectsContext, VersionFiles } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { localVersion } from '../product/version-file.ts';
import { jobView } from '../queue/job-view.ts';
import { findConnected, findProject } from './find-project.ts';
import { keypointCurve } from './keypoint-curve.ts';
import { learningCurve } from './learning-curve.ts';
import { configOf, generatorOf, imageOf } from './linked-project.ts';
import { noVersion } from './no-version.ts';
import { hasPhotographs } from './photo-settings.ts';
import { projectAgreement } from './project-agreement.ts';
import { projectFigures } from './project-figures.ts';
import { projectSlips } from './project-slips.ts';
import { curvePoint, projectView, versionView } from './project-view.ts';
import { seedMore } from './reserve-seeds.ts';
import { swapVersion } from './show-version.ts';
import { unreadTasks } from './unread-tasks.ts';

/** Housekeeping (reconcile, orders) runs all the time and would hide these. */
const SHOWN_KINDS: readonly JobKind[] = ['seed', 'read', 'train', 'refresh', 'validate', 'synthesize', 'publish', 'export'];

/** Of one answer, unless another number is asked for. */
const SHOWN_VERSIONS = 20;

/**
 * What this room does of the projects' part of the contract.
 * @param viewJob how a job is shown; one of an order stands for more than its own row
 */
export function projectBackend(
  product: ProjectsContext & VersionFiles,
  viewJob: (row: JobRow) => Promise<Job>,
): Omit<ProjectBackend, 'pictures' | 'prediction' | 'uncertainty' | 'predictionFigures' | 'orders'> {
  const { store, queues } = product;
  const { db } = store;
  const newJob = async (id: string) => jobView(await requireJob(db, id));
  return {
    async list() {
      return (await listProjects(db)).map(projectView);
    },
    async get(id) {
      return await detailOf(product, await findProject(db, id), viewJob);
    },
    async versions(id, { limit = SHOWN_VERSIONS, offset = 0 }) {
      const { key, current_version: current } = await findProject(db, id);
      const rows = await versionsOfProject(db, key, { limit, offset });
      return { total: await countVersions(db, key), versions: rows.map((row) => versionView(row, current)) };
    },
    async figures(id) {
      return await projectFigures(product, await findProject(db, id));
    },
    async seed(id, order) {
      const project = await findConnected(db, id);
      // Refuses a generator with classes of which none is chosen.
      const rule = order.classes ?? project.class_rule;
      if (order.candidates !== undefined) checkCandidates(id, project, order.count, order.candidates);
      imageOf({ ...project, class_rule: rule }, await generatorOf(product, project), 0);
      return await newJob(await seedMore(product, project.key, order));
    },
    async train(id) {
      const { key: projectKey } = await findConnected(db, id);
      return await newJob(await queues.enqueue('train', { projectKey }));
    },
    async activate(id, version) {
      const { key } = await findConnected(db, id);
      const found = await versionOfProject(db, key, version);
      if (found === undefined) {
        throw new DatasetGanError('unknown-version', `Project ${id} has no version ${version}.`, {
          fix: `GET /api/projects/${id}/versions lists its versions.`,
        });
      }
      await localVersion(product, version, { thoroughly: true });
      await swapVersion(product, { projectKey: key, versionId: version, annotated: found.annotated });
      return await detailOf(product, await findProject(db, id), viewJob);
    },
  };
}

/** @throws DatasetGanError `no-version`, `bad-request` */
function checkCandidates(id: string, { current_version: version }: Project, count: number, candidates: number): void {
  if (version === null) throw noVersion(`Project ${id}`);
  if (candidates < count)
    throw new DatasetGanError('bad-request', `${count} pictures cannot be chosen from ${candidates}.`, {
      fix: 'Use at least as many candidates as pictures.',
    });
}

async function detailOf(
  { store }: Pick<Product, 'store'>,
  row: Project,
  viewJob: (row: JobRow) => Promise<Job>,
): Promise<ProjectDetail> {
  const { counted = 0, machineMade = 0, skipped = 0, rejected = [], notes = [] } = row.annotations ?? {};
  const { db } = store;
  const shown = await versionsOfProject(db, row.key, { limit: SHOWN_VERSIONS });
  const view = (version: OwnVersion) => versionView(version, row.current_version);
  const measured = (await measuredVersions(db, row.key)).map(curvePoint);
  return {
    ...projectView(row),
    ...namesOf(row),
    annotations: { counted, machineMade, skipped, rejected, notes },
    seededTasks: await (hasPhotographs(row) ? countPhotographs(db, row.key) : countTasks(db, row.key)),
    unreadPhotographs: await unreadTasks(db, row),
    versions: shown.map(view),
    versionCount: await countVersions(db, row.key),
    learningCurve: learningCurve(measured),
    keypointCurve: keypointCurve(measured),
    slips: await projectSlips({ store }, row),
    agreement: projectAgreement(row),
    jobs: await Promise.all((await listJobs(db, { projectKey: row.key, kinds: SHOWN_KINDS, limit: 20 })).map(viewJob)),
  };
}

/** Labels and keypoints with their colours; none of the orders project, where nobody draws. */
function namesOf(row: Project): Pick<ProjectDetail, 'labels' | 'keypoints' | 'colours'> {
  if (row.kind === 'orders') return { labels: [], keypoints: [], colours: { labels: [], keypoints: [] } };
  const { labels, keypoints } = configOf(row);
  return { labels, keypoints, colours: editorColours(row.label_config, { labels, keypoints }) };
}
