import type { Kysely } from 'kysely';
import { DatasetGanError } from '../../../errors.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import { partsOfDatasets } from '../../../store/dataset-parts.ts';
import { latestJobsOf } from '../../../store/jobs.ts';
import { projectsOfKeys } from '../../../store/projects.ts';
import type { Database, Dataset, JobRow, Project } from '../../../store/schema.ts';
import { type Stored, storedOf } from '../../../store/shards.ts';
import { versionsOfIds } from '../../../store/versions.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';
import { recordOf } from '../../product/version-record.ts';
import { type Part, partOfRow } from './dataset-parts.ts';
import { DATASET_WORK } from './dataset-state.ts';
import { planOf } from './stored-plan.ts';

/** A dataset with what the database has of it. */
export interface DatasetRows {
  readonly dataset: Dataset;
  readonly plan: DatasetPlan;
  readonly parts: readonly Part[];
  /** The labelling project. */
  readonly project: Project;
  /** Of its version. */
  readonly record: VersionRecord;
  /** Of the kinds that it consists of, newest first. */
  readonly jobs: readonly JobRow[];
}

/** Of a dataset's own. */
const MOST_JOBS = 20;

/**
 * What the database has of datasets, in the same number of queries however many they are, and what is stored by plan.
 * @throws DatasetGanError `unknown-project`, `unknown-version`, `damaged-record`
 */
export async function datasetRows(
  db: Kysely<Database>,
  datasets: readonly Dataset[],
): Promise<{ readonly rows: readonly DatasetRows[]; readonly stored: ReadonlyMap<string, Stored> }> {
  const ids = datasets.map(({ id }) => id);
  const plans = datasets.map(planOf);
  const parts = Map.groupBy(await partsOfDatasets(db, ids), (part) => part.dataset_id);
  const jobs = Map.groupBy(await latestJobsOf(db, ids, { kinds: DATASET_WORK, each: MOST_JOBS }), (job) => job.dataset_id);
  const keys = new Set(datasets.map((dataset) => dataset.project_key));
  const projects = new Map((await projectsOfKeys(db, [...keys])).map((project) => [project.key, project]));
  const wanted = new Set(plans.map(({ version }) => version));
  const records = new Map((await versionsOfIds(db, [...wanted])).map((version) => [version.id, recordOf(version)]));
  const rows = datasets.map((dataset, index): DatasetRows => {
    const plan = plans[index]!;
    const project = projects.get(dataset.project_key);
    const record = records.get(plan.version);
    if (project === undefined) throw new DatasetGanError('unknown-project', `There is no project ${dataset.project_key}.`);
    if (record === undefined) throw new DatasetGanError('unknown-version', `There is no version ${plan.version}.`);
    return {
      dataset,
      plan,
      project,
      record,
      parts: (parts.get(dataset.id) ?? []).map(partOfRow),
      jobs: jobs.get(dataset.id) ?? [],
    };
  });
  const stored = await storedOf(db, [...new Set(rows.flatMap((row) => row.parts.map(({ planId }) => planId)))]);
  return { rows, stored };
}
