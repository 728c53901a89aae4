import type { JobKind } from '../api/answers.ts';
import type { JsonObject } from '../store/schema.ts';
import type { Product } from './product/product.ts';
import type { JobContext, JobHandler } from './queue/delivery.ts';
import type { JobInputs } from './queue/job-kinds.ts';

/** Runs all the time, mostly without anything to tell. */
const HOUSEKEEPING: ReadonlySet<JobKind> = new Set(['connect', 'reconcile', 'orders', 'describe']);

/** What becomes of a job goes to the log as well as into its record. */
export function loggedJob<K extends JobKind, P extends Pick<Product, 'log' | 'jobTimes'>>(
  product: P,
  kind: K,
  run: (product: P, context: JobContext<K>) => Promise<JsonObject>,
): JobHandler<K> {
  return async (context) => {
    const log = product.log.child({ job: context.jobId, kind });
    const about = aboutOf(context.input);
    const began = performance.now();
    try {
      const result = await run(product, context);
      product.jobTimes.record(kind, 'completed', began);
      log[HOUSEKEEPING.has(kind) ? 'debug' : 'info']({ ...about, result, ms: Math.round(performance.now() - began) }, 'job done');
      return result;
    } catch (error) {
      product.jobTimes.record(kind, context.signal.aborted ? 'stopped' : 'failed', began);
      if (context.signal.aborted) log.info(about, 'job stopped');
      else log.error({ ...about, err: error }, 'a job failed; it is retried if that may help');
      throw error;
    }
  };
}

function aboutOf(input: JobInputs[JobKind]): object {
  if ('datasetId' in input) return { dataset: input.datasetId };
  if ('file' in input) return { file: input.file };
  return 'projectKey' in input ? { project: input.projectKey } : {};
}
