import type { DatasetDetail, GeneratorSummary, Job, JobKind, ProjectSummary, VersionSummary } from '../../../api/answers.ts';
import { DEFAULT_OPTIONS } from '../../../api/dataset-options.ts';
import { inOneLine } from '../../../errors.ts';
import { listJobs } from '../../../store/jobs.ts';
import type { Dataset, JobRow, Project, ProjectVersion, Version } from '../../../store/schema.ts';
import { storedOf } from '../../../store/shards.ts';
import type { GeneratorCard } from '../../../stylegan/generator-card.ts';
import type { Product } from '../../product/product.ts';
import { recordOf, validationOf } from '../../product/version-record.ts';
import { problemInWords, projectProblem } from '../../projects/project-problem.ts';
import { browserAddress, filesLink } from './dataset-link.ts';
import { type Part, partsOf } from './dataset-parts.ts';
import { DATASET_WORK, isOpen } from './dataset-state.ts';
import { bytesToCome } from './disk-need.ts';
import { optionsOf } from './options-of.ts';
import { planOf } from './stored-plan.ts';

/** Rows of the store as the REST API shows them. */

export function jobView({ id, kind, dataset_id: dataset, state, done, total, rate, eta, error, result }: JobRow): Job {
  const outcome = {
    ...(dataset === null ? {} : { dataset }),
    ...(error === null ? {} : { error }),
    ...(result === null ? {} : { result }),
  };
  return { id, kind: kind as JobKind, state, done, total, rate, eta, ...outcome };
}

export function cardView(card: GeneratorCard): GeneratorSummary {
  const { name, id, family, resolution, labelSize, psi, cutoff, licence, note } = card;
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  return { name, id, family, resolution, labelSize: labelSize.width, dims, psi, cutoff, classes: card.cDim, licence, note };
}

export function projectView({ ls_id, host, title, kind, state, problem, ...row }: Project): ProjectSummary {
  const { generator, current_version: currentVersion, callback_url: address } = row;
  const said =
    problem === null ? { problem: null, error: null } : { problem: problemInWords(problem), error: projectProblem(problem) };
  return { id: ls_id, host, title, kind, state, generator: generator ?? '', currentVersion, address, ...said };
}

export function versionView(version: Version & ProjectVersion, current: string | null): VersionSummary {
  const record = recordOf(version);
  const result = validationOf(version);
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
    mIoUOver: result?.mIoU == null ? [] : version.labels.filter((_, index) => (result.iou[index] ?? null) !== null),
    iou: Object.fromEntries(version.labels.map((label, index) => [label, result?.iou[index] ?? null])),
    notes: record.notes,
  };
}

export async function datasetView(product: Product, dataset: Dataset): Promise<DatasetDetail> {
  const { db } = product.store;
  const plan = planOf(dataset);
  const parts = await partsOf(db, dataset.id);
  const { destination, formats } = optionsOf(dataset);
  const jobs = await listJobs(db, { datasetId: dataset.id, kinds: DATASET_WORK, limit: 20 });
  const current = jobs.findLast(({ state }) => state === 'running') ?? jobs.findLast(({ state }) => state === 'queued');
  // Of a job that waits to be tried again, too: why nothing moves.
  const failure =
    dataset.state === 'failed'
      ? jobs.find(({ state }) => state === 'failed')?.error
      : jobs.find(({ state, error }) => (state === 'queued' || state === 'running') && error !== null)?.error;
  return {
    id: dataset.id,
    title: dataset.title,
    state: dataset.state,
    asked: parts.reduce((sum, part) => sum + part.plan.count, 0),
    delivered: dataset.delivered,
    candidates: dataset.candidates,
    dropped: dataset.dropped,
    known: dataset.known,
    filter: plan.filter,
    generator: plan.generator,
    version: plan.version,
    parts: parts.map(partView),
    job: current === undefined ? null : jobView(current),
    bytes: (
      await storedOf(
        db,
        parts.map(({ planId }) => planId),
      )
    ).bytes,
    bytesToCome:
      isOpen(dataset.state) || dataset.state === 'paused' ? Math.round(await bytesToCome(product, parts, formats.length)) : 0,
    folder: dataset.folder,
    destination,
    formats,
    projectId: dataset.ls_project_id,
    download: await downloadOf(product, dataset),
    url: dataset.ls_project_id === null ? null : `/projects/${dataset.ls_project_id}/data`,
    reasons: [...dataset.reasons, ...(failure ? [inOneLine(failure)] : [])],
  };
}

/** Any dataset that is complete can be downloaded, also one whose order asked for no files. */
async function downloadOf(product: Product, dataset: Dataset): Promise<string | null> {
  if (dataset.state !== 'completed') return null;
  const base = await browserAddress(product, dataset);
  const { formats } = optionsOf(dataset);
  return base && filesLink(product, base, dataset, formats.length === 0 ? DEFAULT_OPTIONS.formats : formats, 'zip');
}

function partView({ plan, choice }: Part): DatasetDetail['parts'][number] {
  const { count: asked, seedStart } = plan;
  return { asked, seedStart, lastSeed: choice?.lastSeed ?? null, delivered: choice?.kept ?? null };
}
