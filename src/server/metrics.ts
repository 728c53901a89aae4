import { collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { Load, ServerBackend } from '../api/backend.ts';

/**
 * Numbers for Prometheus beside those of requests (request-log.ts); docker/grafana shows them.
 * @returns takes over what the product says of itself, before the numbers are read
 */
export function productMetrics(registry: Registry, server: Pick<ServerBackend, 'watchJobs'>): (load: Load) => void {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const jobs = gauge('datasetgan_jobs', 'Number of jobs by kind and state.', 'kind', 'state');
  const waiting = gauge('datasetgan_job_wait_seconds', 'Time that the oldest waiting job has waited, by kind.', 'kind');
  const tasks = gauge('datasetgan_engine_tasks', 'Number of running or waiting compute tasks by lane.', 'lane');
  const pairs = gauge('datasetgan_pairs', 'Number of stored pairs of all datasets.');
  const workers = gauge('datasetgan_workers', 'Number of workers on other machines.');
  const memoryLimit = gauge('datasetgan_memory_limit_bytes', 'Memory of all ONNX Runtime sessions together: MEMORY_LIMIT.');
  const diskFree = gauge('datasetgan_disk_free_bytes', 'Free space on the disk of DATA_DIR.');
  const seconds = new Histogram({
    name: 'datasetgan_job_seconds',
    help: 'Time that jobs took which ended in this process, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    buckets: [0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1800, 7200],
    registers,
  });
  server.watchJobs(({ kind, outcome, seconds: took }) => seconds.observe({ kind, outcome }, took));
  return (load) => {
    jobs.reset();
    waiting.reset();
    for (const { kind, state, count } of load.jobs) jobs.set({ kind, state }, count);
    for (const { kind, seconds: waited } of load.waiting) waiting.set({ kind }, waited);
    for (const [lane, count] of Object.entries(load.engine)) tasks.set({ lane }, count);
    pairs.set(load.pairs);
    workers.set(load.workers);
    memoryLimit.set(load.memoryLimit);
    diskFree.set(load.diskFree);
  };
}
