import type { DatasetBackend } from '../../api/backend.ts';
import { countDatasets, listDatasets, requireDataset } from '../../store/datasets.ts';
import { requireJob } from '../../store/jobs.ts';
import type { DatasetsContext } from '../product/contexts.ts';
import { findConnected, findProject } from '../projects/find-project.ts';
import { datasetArchive } from './files/dataset-archive.ts';
import { extendDataset, removeDataset, resumeDataset, stopDataset } from './plan/dataset-control.ts';
import { estimateOrder } from './plan/estimate-order.ts';
import { orderDataset } from './plan/order-dataset.ts';
import { wholeJob } from './plan/order-job.ts';
import { checkLinkKey } from './record/dataset-link.ts';
import { datasetView, datasetViews } from './record/dataset-view.ts';
import { datasetReport } from './report/dataset-report.ts';
import { previewNow } from './report/preview.ts';

/** The datasets' part of the contract. */
export function datasetBackend(product: DatasetsContext): DatasetBackend {
  const { db } = product.store;
  const get = async (id: string) => datasetView(product, await requireDataset(db, id));
  return {
    get,
    async order(projectId, order) {
      const project = await findConnected(db, projectId);
      const { job } = await orderDataset(product, project.key, order, { door: 'rest' });
      return wholeJob(db, await requireJob(db, job));
    },
    async estimate(projectId, order) {
      return await estimateOrder(product, (await findConnected(db, projectId)).key, order);
    },
    async list({ project, state, limit = 100, offset = 0 }) {
      const projectKey = project === undefined ? undefined : (await findProject(db, project)).key;
      const filter = { projectKey, states: state === undefined ? undefined : [state] };
      const rows = await listDatasets(db, { ...filter, limit, offset });
      const total = await countDatasets(db, filter);
      return { rows: await datasetViews(product, rows), total };
    },
    async preview(id) {
      return await previewNow(product, await requireDataset(db, id));
    },
    async report(id, { key } = {}) {
      if (key !== undefined) checkLinkKey(product, id, key);
      return (await datasetReport(product, await requireDataset(db, id))).html;
    },
    async archive(id, { key, ...options }) {
      if (key !== undefined) checkLinkKey(product, id, key);
      return datasetArchive(product, id, options);
    },
    async stop(id, state) {
      await stopDataset(product, id, state);
      return get(id);
    },
    async resume(id) {
      await resumeDataset(product, id);
      return get(id);
    },
    async extend(id, { count }) {
      await extendDataset(product, id, count);
      return get(id);
    },
    async remove(id, options) {
      const dataset = await get(id);
      await removeDataset(product, id, options);
      return dataset;
    },
  };
}
