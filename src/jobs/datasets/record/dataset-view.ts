import type { DatasetDetail } from '../../../api/answers.ts';
import { inOneLine } from '../../../errors.ts';
import { defaultFormats } from '../../../export/fitting-formats.ts';
import { listJobs } from '../../../store/jobs.ts';
import type { Dataset } from '../../../store/schema.ts';
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
import { planOf } from './stored-plan.ts';

/** A dataset as the REST API shows it. */
export async function datasetView(product: DatasetsContext, dataset: Dataset): Promise<DatasetDetail> {
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
async function downloadOf(product: Pick<Product, 'settings' | 'store' | 'linkSecret'>, dataset: Dataset): Promise<string | null> {
  if (dataset.state !== 'completed') return null;
  const base = await browserAddress(product, dataset);
  if (base === null) return null;
  const { formats } = optionsOf(dataset);
  const record = recordOf(await requireVersion(product.store.db, planOf(dataset).version));
  return filesLink(
    product,
    base,
    dataset,
    formats.length === 0 ? defaultFormats({ ...record, labels: datasetLabels(record) }) : formats,
    'zip',
  );
}

function partView({ plan, choice }: Part): DatasetDetail['parts'][number] {
  const { count: asked, seedStart } = plan;
  return { asked, seedStart, lastSeed: choice?.lastSeed ?? null, delivered: choice?.kept ?? null };
}
