import { setTimeout as wait } from 'node:timers/promises';
import type { Job, ProjectDetail } from '../../api/answers.ts';
import { DatasetGanError } from '../../errors.ts';
import { createAnnotation } from '../../label-studio/client/annotations.ts';
import { getProject } from '../../label-studio/client/projects.ts';
import { notAnnotated, notPredictedBy } from '../../label-studio/client/task-query.ts';
import { countTasks } from '../../label-studio/client/tasks.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { describeJob } from '../describe-job.ts';
import { type DemoProject, projectDetail } from './demo-project.ts';
import type { DemoStep } from './demo-record.ts';
import { trueLabels } from './measure.ts';
import { truthAnnotation } from './truth-annotation.ts';

const POLL_INTERVAL_MS = 500;
/** What the annotation says the painting took, in seconds. */
const LEAD_TIME_SECONDS = 120;

type Waited = Pick<DemoStep, 'version' | 'versionSeconds' | 'predictionSeconds' | 'predictions'>;

/** Submits the truth of a task as the editor does, and waits until its new version has predicted every task without an annotation. */
export async function annotateTask(
  project: DemoProject,
  task: { readonly id: number; readonly seed: number },
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<Waited> {
  const { connection, id } = project;
  const config = parseLabelConfig((await getProject(connection, id, signal)).label_config);
  const truth = await trueLabels(project, task.seed, config.labels);
  const before = await projectDetail(project);
  const result = truthAnnotation(config, truth);
  const started = performance.now();
  await createAnnotation(connection, task.id, { result, lead_time: LEAD_TIME_SECONDS }, signal);
  const version = await newVersion(project, before, tell, signal);
  const versionSeconds = (performance.now() - started) / 1000;
  const predictions = await allPredicted(project, version, tell, signal);
  return { version, versionSeconds, predictionSeconds: (performance.now() - started) / 1000, predictions };
}

/** Finishes what a stopped demo had begun: the annotation exists, so it requests the training and waits for the predictions. */
export async function finishAnnotation(
  project: DemoProject,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<Waited> {
  await project.api.finish(await project.api.post<Job>(`${project.path}/train`), (job) => tell(describeJob(job)), signal);
  const { currentVersion } = await projectDetail(project);
  if (currentVersion === null) throw new DatasetGanError('no-version', 'The training gave no version.');
  const predictions = await allPredicted(project, currentVersion, tell, signal);
  return { version: currentVersion, versionSeconds: null, predictionSeconds: null, predictions };
}

/** @throws DatasetGanError the training's error, or `training-refused` when it ended without a new version */
async function newVersion(
  project: DemoProject,
  before: ProjectDetail,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const newest = ({ jobs }: ProjectDetail) => jobs.find(({ kind }) => kind === 'train');
  for (;;) {
    const detail = await projectDetail(project);
    if (detail.currentVersion !== null && detail.currentVersion !== before.currentVersion) return detail.currentVersion;
    const job = newest(detail);
    if (job?.state === 'completed' && job.id !== newest(before)?.id)
      throw new DatasetGanError(
        'training-refused',
        `The annotation did not lead to a new version: ${JSON.stringify(job.result)}`,
      );
    tell(open(detail, 'train') ?? 'waiting for the event');
    await wait(POLL_INTERVAL_MS, undefined, { signal });
  }
}

/** Gives how many tasks are predicted: all without an annotation. */
async function allPredicted(
  project: DemoProject,
  version: string,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const { connection, id } = project;
  for (;;) {
    const running = open(await projectDetail(project), 'refresh');
    if (running === undefined && (await countTasks(connection, id, [notAnnotated, notPredictedBy(version)], signal)) === 0)
      return countTasks(connection, id, [notAnnotated], signal);
    tell(running ?? 'waiting for the predictions');
    await wait(POLL_INTERVAL_MS, undefined, { signal });
  }
}

/**
 * The newest job of that kind in words while it is open.
 * @throws DatasetGanError its error, when it failed
 */
function open({ jobs }: ProjectDetail, kind: Job['kind']): string | undefined {
  const job = jobs.find((other) => other.kind === kind);
  if (job?.state === 'failed' && job.error !== undefined) throw DatasetGanError.fromBody(job.error);
  return job?.state === 'queued' || job?.state === 'running' ? describeJob(job) : undefined;
}
