import type { DatasetBackend } from '../../api/backend.ts';
import { dataset, datasetDeletion, datasetsQuery, exportQuery, noParams, project, reportQuery } from '../../api/requests.ts';
import { type ApiRoute, archiveRoute, htmlRoute, jsonRoute, pageRoute, pngRoute } from '../api-route.ts';

/** What an order may be refused for. */
const ORDER_ERRORS = [
  'unknown-project',
  'ambiguous-project',
  'no-version',
  'unknown-version',
  'version-lost',
  'bad-label-config',
  'disk-full',
] as const;

export function datasetRoutes(datasets: DatasetBackend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/datasets',
      summary:
        'Order a dataset: generate pictures, label them with a version, write files, and push them into a Label Studio project.',
      params: project,
      body: 'DatasetOrder',
      answer: 'Job',
      status: 202,
      errors: ORDER_ERRORS,
      run: ({ params, body }) => datasets.order(params.id, body),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/datasets/estimate',
      summary: 'What an order would take: pictures, time and disk space. It orders nothing, and refuses what the order would.',
      params: project,
      body: 'DatasetOrder',
      answer: 'OrderEstimate',
      errors: ORDER_ERRORS,
      run: ({ params, body }) => datasets.estimate(params.id, body),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/datasets/{id}',
      summary: 'A dataset: what was ordered, delivered and dropped, and where to find it.',
      params: dataset,
      answer: 'Dataset',
      errors: ['unknown-dataset'],
      run: ({ params }) => datasets.get(params.id),
    }),
    pngRoute({
      method: 'get',
      path: '/api/datasets/{id}/preview.png',
      summary:
        'Contact sheet of a dataset: its first pairs with their masks and keypoints. While it is made, the first pairs so far.',
      params: dataset,
      cacheControl: 'private, no-cache',
      errors: ['unknown-dataset', 'wrong-state'],
      run: ({ params }) => datasets.preview(params.id),
    }),
    htmlRoute({
      method: 'get',
      path: '/api/datasets/{id}/report',
      summary:
        'The report of a dataset: what rules and filter dropped, histograms of uncertainty and areas before and after, example pairs.',
      params: dataset,
      query: reportQuery,
      errors: ['unknown-dataset', 'wrong-state'],
      run: ({ params, query }) => datasets.report(params.id, query),
    }),
    archiveRoute({
      method: 'get',
      path: '/api/datasets/{id}/export',
      summary:
        'The files of a dataset as one streamed tar or zip. Its last file is SHA256SUMS: without that file it is incomplete.',
      params: dataset,
      query: exportQuery,
      errors: ['unknown-dataset', 'wrong-state'],
      run: ({ params, query }) => datasets.archive(params.id, query),
    }),
    pageRoute({
      method: 'get',
      path: '/api/datasets',
      summary: 'Datasets of one project or of all, newest first.',
      params: noParams,
      query: datasetsQuery,
      answer: 'Datasets',
      errors: ['unknown-project', 'ambiguous-project'],
      run: ({ query }) => datasets.list(query),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/datasets/{id}/pause',
      summary: 'Pause a dataset. Finished shards are kept, and the dataset can be resumed.',
      params: dataset,
      answer: 'Dataset',
      errors: ['unknown-dataset', 'wrong-state'],
      run: ({ params }) => datasets.stop(params.id, 'paused'),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/datasets/{id}/cancel',
      summary: 'Cancel a dataset. Finished shards are kept, and the dataset can be resumed.',
      params: dataset,
      answer: 'Dataset',
      errors: ['unknown-dataset'],
      run: ({ params }) => datasets.stop(params.id, 'cancelled'),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/datasets/{id}/resume',
      summary: 'Resume a paused, cancelled or failed dataset. Finished shards are reused.',
      params: dataset,
      answer: 'Dataset',
      status: 202,
      errors: ['unknown-dataset', 'wrong-state', 'disk-full'],
      run: ({ params }) => datasets.resume(params.id),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/datasets/{id}/extend',
      summary: 'Add pairs to a dataset, from new seeds, with the same settings and version.',
      params: dataset,
      body: 'DatasetExtension',
      answer: 'Dataset',
      status: 202,
      errors: ['unknown-dataset', 'wrong-state', 'disk-full'],
      run: ({ params, body }) => datasets.extend(params.id, body),
    }),
    jsonRoute({
      method: 'delete',
      path: '/api/datasets/{id}',
      summary:
        'Delete a dataset and its files, and on request its Label Studio project. The answer describes the deleted dataset.',
      params: dataset,
      query: datasetDeletion,
      answer: 'Dataset',
      errors: ['unknown-dataset', 'label-studio-down'],
      run: ({ params, query }) => datasets.remove(params.id, { withProject: query.project === 'true' }),
    }),
  ];
}
