import { z } from 'zod';
import type { DatasetDetail } from '../../../api/answers.ts';
import { inOneLine } from '../../../errors.ts';
import { defaultFormats, fittingFormats } from '../../../export/fitting-formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../export/format-names.ts';
import { listJobs } from '../../../store/jobs.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset, JobRow } from '../../../store/schema.ts';
import { storedOf } from '../../../store/shards.ts';
import { requireVersion } from '../../../store/versions.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { recordOf } from '../../product/version-record.ts';
import { jobView } from '../../queue/job-view.ts';
import { datasetLabels } from './dataset-labels.ts';
import { browserAddress, filesLink } from './dataset-link.ts';
import { type Part, partsOf } from './dataset-parts.ts';
import { DATASET_WORK, isOpen } from './dataset-state.ts';
import { bytesToCome } from './disk-need.ts';
import { optionsOf } from './options-of.ts';
import { rulesInWords } from './rules-in-words.ts';
import { planOf } from './stored-plan.ts';

/** Of the result of an export; those of older releases have no bytes. */
const WRITTEN = z.looseObject({
  pairs: z.number(),
  written: z.looseObject({ bytes: z.partialRecord(z.enum(FORMAT_NAMES), z.number()) }),
});

/** A dataset as the REST API shows it. */
export async function datasetView(product: DatasetsContext, dataset: Dataset): Promise<DatasetDetail> {
  const { db } = product.store;
  const plan = planOf(dataset);
  const parts = await partsOf(db, dataset.id);
  const { destination, formats, push, regions } = optionsOf(dataset);
  const project = await requireProject(db, dataset.project_key);
  const record = recordOf(await requireVersion(db, plan.version));
  const contents = { ...record, labels: datasetLabels(record) };
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
    project: { id: project.ls_id, host: project.host, title: project.title },
    createdAt: dataset.created_at.toISOString(),
    finishedAt: dataset.finished_at?.toISOString() ?? null,
    asked: parts.reduce((sum, part) => sum + part.plan.count, 0),
    delivered: dataset.delivered,
    candidates: dataset.candidates,
    dropped: dataset.dropped,
    known: dataset.known,
    filter: plan.filter,
    psi: plan.psi,
    cutoff: plan.cutoff,
    classes: plan.classes ?? null,
    rules: rulesInWords(plan.rules, record.labels, record.keypoints?.names),
    ignoreAbove: plan.ignoreAbove ?? null,
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
    push,
    regions: regions ?? null,
    formats,
    fits: fittingFormats(FORMAT_NAMES, contents),
    sizes: sizesOf(jobs, dataset),
    projectId: dataset.ls_project_id,
    download: await downloadOf(product, dataset, formats.length === 0 ? defaultFormats(contents) : formats),
    url: dataset.ls_project_id === null ? null : `/projects/${dataset.ls_project_id}/data`,
    reasons: [...dataset.reasons, ...(failure ? [inOneLine(failure)] : [])],
  };
}

/** Any dataset that is complete can be downloaded, also one whose order asked for no files. */
async function downloadOf(
  product: Pick<Product, 'settings' | 'store' | 'linkSecret'>,
  dataset: Dataset,
  formats: readonly FormatName[],
): Promise<string | null> {
  if (dataset.state !== 'completed') return null;
  const base = await browserAddress(product, dataset);
  return base === null ? null : filesLink(product, base, dataset, formats, 'zip');
}

/** Of the files as the last export left them, where that wrote all pairs. */
function sizesOf(jobs: readonly JobRow[], { delivered }: Dataset): DatasetDetail['sizes'] {
  const last = jobs.find(({ kind, state }) => kind === 'export' && state === 'completed');
  const written = WRITTEN.safeParse(last?.result).data;
  return written?.pairs === delivered ? written.written.bytes : {};
}

function partView({ plan, choice }: Part): DatasetDetail['parts'][number] {
  const { count: asked, seedStart } = plan;
  return { asked, seedStart, lastSeed: choice?.lastSeed ?? null, delivered: choice?.kept ?? null };
}
