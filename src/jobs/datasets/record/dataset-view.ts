import { z } from 'zod';
import type { DatasetDetail } from '../../../api/answers.ts';
import { inOneLine } from '../../../errors.ts';
import { defaultFormats, fittingFormats } from '../../../export/fitting-formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../export/format-names.ts';
import type { Dataset, JobRow } from '../../../store/schema.ts';
import type { Stored } from '../../../store/shards.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { jobView } from '../../queue/job-view.ts';
import { datasetLabels } from './dataset-labels.ts';
import { addressOf, filesLink } from './dataset-link.ts';
import type { Part } from './dataset-parts.ts';
import { type DatasetRows, datasetRows } from './dataset-rows.ts';
import { isOpen } from './dataset-state.ts';
import { bytesToCome, type PairsToCome } from './disk-need.ts';
import { optionsOf } from './options-of.ts';
import { pairCosts } from './pair-cost.ts';
import { rulesInWords } from './rules-in-words.ts';

/** Of the result of an export; those of older releases have no bytes. */
const WRITTEN = z.looseObject({
  pairs: z.number(),
  written: z.looseObject({ bytes: z.partialRecord(z.enum(FORMAT_NAMES), z.number()) }),
});

/** A dataset as the REST API shows it. */
export async function datasetView(product: DatasetsContext, dataset: Dataset): Promise<DatasetDetail> {
  const [view] = await datasetViews(product, [dataset]);
  return view!;
}

/** datasetView of each, in a number of queries that does not grow with them. */
export async function datasetViews(product: DatasetsContext, datasets: readonly Dataset[]): Promise<DatasetDetail[]> {
  const { rows, stored } = await datasetRows(product.store.db, datasets);
  const known = { stored, costOf: pairCosts(product) };
  return await Promise.all(rows.map((row) => viewOf(product, row, known)));
}

async function viewOf(product: DatasetsContext, row: DatasetRows, known: PairsToCome): Promise<DatasetDetail> {
  const { dataset, plan, parts, project, record, jobs } = row;
  const { destination, formats, push, regions } = optionsOf(dataset);
  const contents = { ...record, labels: datasetLabels(record) };
  const current = jobs.findLast(({ state }) => state === 'running') ?? jobs.findLast(({ state }) => state === 'queued');
  // Of a job that waits to be tried again, too: why nothing moves.
  const failure =
    dataset.state === 'failed'
      ? jobs.find(({ state }) => state === 'failed')?.error
      : jobs.find(({ state, error }) => (state === 'queued' || state === 'running') && error !== null)?.error;
  const unfinished = isOpen(dataset.state) || dataset.state === 'paused';
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
    bytes: sumOfBytes(parts, known.stored),
    bytesToCome: unfinished ? Math.round(await bytesToCome(parts, formats.length, known)) : 0,
    folder: dataset.folder,
    destination,
    push,
    regions: regions ?? null,
    formats,
    fits: fittingFormats(FORMAT_NAMES, contents),
    sizes: sizesOf(jobs, dataset),
    projectId: dataset.ls_project_id,
    download: downloadOf(product, row, formats.length === 0 ? defaultFormats(contents) : formats),
    url: dataset.ls_project_id === null ? null : `${project.host}/projects/${dataset.ls_project_id}/data`,
    reasons: [...dataset.reasons, ...(failure ? [inOneLine(failure)] : [])],
  };
}

/** Of the stored pairs. Parts may share a plan. */
function sumOfBytes(parts: readonly Part[], stored: ReadonlyMap<string, Stored>): number {
  const plans = new Set(parts.map(({ planId }) => planId));
  return [...plans].reduce((sum, plan) => sum + (stored.get(plan)?.bytes ?? 0), 0);
}

/** Any dataset that is complete can be downloaded, also one whose order asked for no files. */
function downloadOf(
  product: Pick<Product, 'settings' | 'linkSecret'>,
  { dataset, project }: DatasetRows,
  formats: readonly FormatName[],
): string | null {
  if (dataset.state !== 'completed') return null;
  const base = addressOf(product, project);
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
