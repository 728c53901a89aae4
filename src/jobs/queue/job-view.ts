import { basename } from 'node:path';
import type { Job, JobKind } from '../../api/answers.ts';
import { ofProjectKey } from '../../store/projects.ts';
import type { JobRow } from '../../store/schema.ts';

/** A job's own row as the REST API shows it; order-job.ts has what an order's job stands for. */
export function jobView(row: JobRow): Job {
  const { id, kind, dataset_id: dataset, project_key: key, state, done, total, rate, eta, phase, error, result, input } = row;
  const outcome = {
    ...(key === null ? {} : { project: ofProjectKey(key) }),
    ...(dataset === null ? {} : { dataset }),
    ...(kind === 'import' && typeof input.file === 'string' ? { file: basename(input.file) } : {}),
    ...(error === null ? {} : { error }),
    ...(result === null ? {} : { result }),
  };
  return { id, kind: kind as JobKind, state, done, total, rate, eta, phase, ...outcome };
}
