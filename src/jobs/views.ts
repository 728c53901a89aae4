import type { VersionRecord } from '../interpreter/version.ts';
import { listJobs } from '../store/jobs.ts';
import type { Dataset, JobRow, Project, ProjectVersion, Version } from '../store/schema.ts';
import type { GeneratorCard } from '../stylegan/generator-card.ts';
import type { DatasetPlan } from '../synthesis/dataset-plan.ts';
import type { DatasetDetail, GeneratorSummary, Job, JobKind, ProjectSummary, VersionSummary } from './backend.ts';
import { optionsOf } from './dataset-options.ts';
import type { Product } from './product.ts';

/** Rows of the store as the REST API shows them. */

export function jobView({ id, kind, state, done, total, rate, eta, error, result }: JobRow): Job {
  const outcome = { ...(error === null ? {} : { error }), ...(result === null ? {} : { result }) };
  return { id, kind: kind as JobKind, state, done, total, rate, eta, ...outcome };
}

export function cardView(card: GeneratorCard): GeneratorSummary {
  const { name, id, family, resolution, labelSize, psi, cutoff, licence, note } = card;
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  return { name, id, family, resolution, labelSize: labelSize.width, dims, psi, cutoff, classes: card.cDim, licence, note };
}

export function projectView({ ls_id, host, title, kind, state, generator, current_version, problem }: Project): ProjectSummary {
  const line = problem === null ? null : [problem.message, problem.fix].filter((part) => part !== undefined).join(' ');
  return { id: ls_id, host, title, kind, state, generator: generator ?? '', currentVersion: current_version, problem: line };
}

export interface ValidationResult {
  readonly mIoU: number | null;
  readonly iou: readonly (number | null)[];
}

export function versionView(version: Version & ProjectVersion, current: string | null): VersionSummary {
  const record = version.record as unknown as VersionRecord;
  const result = version.validation_result as unknown as ValidationResult | null;
  return {
    id: version.id,
    createdAt: version.created_at.toISOString(),
    current: version.id === current,
    annotatedImages: version.annotated,
    labels: version.labels,
    finalLoss: record.loss,
    trainingAccuracy: record.trainingAccuracy,
    validation: version.validation,
    mIoU: result?.mIoU ?? null,
    iou: Object.fromEntries(version.labels.map((label, index) => [label, result?.iou[index] ?? null])),
    notes: record.notes,
  };
}

/** A dataset is done when its project is; until then it is where its last job is. */
export async function datasetView(product: Product, dataset: Dataset): Promise<DatasetDetail> {
  const plan = dataset.plan as unknown as DatasetPlan;
  const { destination, formats } = optionsOf(dataset);
  const [last] = await listJobs(product.store.db, { datasetId: dataset.id, limit: 1 });
  const open = last?.kind === 'synthesize' && last.state === 'completed' ? 'running' : (last?.state ?? dataset.state);
  const reason =
    last?.error === null || last?.error === undefined ? [] : [[last.error.message, last.error.fix].filter(Boolean).join(' ')];
  return {
    id: dataset.id,
    title: dataset.title,
    state: dataset.state === 'completed' ? 'completed' : open,
    asked: plan.count,
    delivered: dataset.delivered,
    candidates: dataset.candidates,
    dropped: dataset.dropped,
    filter: plan.filter,
    generator: plan.generator,
    version: plan.version,
    folder: dataset.folder,
    destination,
    formats,
    projectId: dataset.ls_project_id,
    url: dataset.ls_project_id === null ? null : `/projects/${dataset.ls_project_id}/data`,
    reasons: [...dataset.reasons, ...reason],
  };
}
