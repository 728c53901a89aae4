import type { Backend } from '../api/backend.ts';
import { listVersionIds } from '../store/project-versions.ts';
import { datasetBackend } from './datasets/dataset-backend.ts';
import { wholeJob } from './datasets/plan/order-job.ts';
import { generatorBackend } from './generators/generator-backend.ts';
import { jobBackend } from './job-backend.ts';
import { ordersProjectFor } from './orders/orders-project-for.ts';
import { predictTasks } from './predictions/predict-tasks.ts';
import { predictionBackend } from './predictions/prediction-backend.ts';

import type { Product } from './product/product.ts';
import { projectBackend } from './projects/project-backend.ts';
import { setup } from './projects/setup.ts';
import { webhookEvent } from './projects/webhook-events.ts';
import { serverBackend } from './server-backend.ts';

/** The product as the server sees it: the rooms' parts, put together. Each call is a record, a job, or one small computation in the interactive lane. */
export function productBackend(product: Product): Backend {
  const { store, callbackHosts } = product;
  return {
    labelStudio: {
      setup: (request) => setup(product, request),
      predict: (request) => predictTasks(product, request),
      webhook: (event, secret) => webhookEvent(product, event, secret),
      callbackHosts: () => [...callbackHosts],
      versions: () => listVersionIds(store.db),
    },
    generators: generatorBackend(product),
    projects: {
      ...projectBackend(product, (row) => wholeJob(store.db, row)),
      ...predictionBackend(product),
      orders: (id) => ordersProjectFor(product, id),
    },
    datasets: datasetBackend(product),
    jobs: jobBackend(product),
    server: serverBackend(product),
  };
}
