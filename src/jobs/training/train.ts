import { toError } from '../../errors.ts';
import type { TrainProgress } from '../../interpreter/versions/train-heads.ts';
import type { TrainingRecord } from '../../interpreter/versions/version.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { fewNotes } from '../../label-studio/regions/few-notes.ts';
import { listJobs } from '../../store/jobs.ts';
import { setProjectProblem } from '../../store/projects.ts';
import { json } from '../../store/rows.ts';
import type { JsonObject, Project, Version } from '../../store/schema.ts';
import { getVersion, recordVersion, replaceWeights } from '../../store/versions.ts';
import type { TrainingContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { hasVersion, shareVersion } from '../product/version-file.ts';
import { linkProject } from '../projects/linked-project.ts';
import { projectProblem } from '../projects/project-problem.ts';
import { reviewConfig } from '../projects/review-config.ts';
import { showVersion, swapVersion } from '../projects/show-version.ts';
import { tellAnnotators } from '../projects/tell-annotators.ts';
import type { JobContext } from '../queue/delivery.ts';
import type { PictureSource } from '../sources/picture-source.ts';
import { sourceOf } from '../sources/source-of.ts';
import { keepAnnotation } from './kept-annotations.ts';
import { type PulledAnnotations, pullAnnotations, recordPulled } from './pull-annotations.ts';
import { trainingImages } from './training-images.ts';

/**
 * Pulls the annotations, trains the version they name (unless it is there already), makes it the current one, and starts refresh and
 * validation. The result names the refresh: the version's predictions of the other tasks come with that job. A training that fails or does not pass
 * the gate leaves the old version current.
 * @throws DatasetGanError `training-refused`, the client's errors, `cancelled`
 */
export async function train(product: TrainingContext, context: JobContext<'train'>): Promise<JsonObject> {
  const { input, signal } = context;
  try {
    return await trainOnce(product, context);
  } catch (error) {
    if (!signal.aborted) await setProjectProblem(product.store.db, input.projectKey, projectProblem(toError(error)));
    throw error;
  } finally {
    if (!signal.aborted) {
      await showVersion(product, input.projectKey, signal).catch((err: unknown) =>
        product.log.warn({ err }, 'showing the version failed'),
      );
      await tellAnnotators(product, input.projectKey, signal);
    }
  }
}

async function trainOnce(product: TrainingContext, { input, signal, progress }: JobContext<'train'>): Promise<JsonObject> {
  const { db } = product.store;
  progress(0, 1, 'reading annotations');
  const linked = await linkProject(product, input.projectKey, signal);
  const { config } = await reviewConfig(product, linked);
  const source = await sourceOf(product, linked.row);
  const pulled = await pullAnnotations(product, linked, config, source, signal);
  await recordPulled(db, pulled, config);
  if (pulled.counted.length === 0) {
    await setProjectProblem(db, linked.row.key, null);
    return { version: linked.row.current_version, trained: false, reason: 'The project has no annotation to train on.' };
  }

  try {
    const { version, trained } = await ensureVersion(product, linked.row, source, config, pulled, signal, progress);
    await setProjectProblem(db, linked.row.key, null);
    // Not a reason to withhold the version: an order shares it again.
    await shareVersion(product, version).catch((err: unknown) => product.log.warn({ err, version }, 'sharing weights failed'));
    if (version === linked.row.current_version) {
      // It was lost, and with it what had to be predicted by it.
      if (trained) await product.queues.enqueue('refresh', { projectKey: linked.row.key, versionId: version });
      return { version, trained, ...(await refreshUnderWay(product, linked.row.key)) };
    }
    const annotated = pulled.counted.length;
    const refresh = await swapVersion(product, { projectKey: linked.row.key, versionId: version, annotated }, signal);
    return { version, trained, annotated, refresh };
  } catch (error) {
    const { current_version: versionId } = linked.row;
    if (!signal.aborted && versionId !== null)
      await product.queues.enqueue('validate', { projectKey: linked.row.key, versionId });
    throw error;
  }
}

/** The job that still predicts the other tasks, if there is one to wait for. */
async function refreshUnderWay({ store }: Pick<Product, 'store'>, projectKey: string): Promise<{ refresh?: string }> {
  const [job] = await listJobs(store.db, { projectKey, kinds: ['refresh'], states: ['queued', 'running'], limit: 1 });
  return job === undefined ? {} : { refresh: job.id };
}

/** The weights of a version that were lost are the same again on this machine; of one that came from another machine they may not be. */
async function recordTrainedAgain(
  { store, log }: Pick<Product, 'log' | 'store'>,
  { id, weights_sha256 }: Version,
  record: TrainingRecord<unknown>,
): Promise<void> {
  log.info({ version: id, same: record.weights === weights_sha256 }, 'lost weights were trained again');
  if (record.weights === weights_sha256) return;
  const note = 'Its weights were lost and trained again. They are not bit-identical, so earlier pairs may differ slightly.';
  await replaceWeights(store.db, id, json({ ...record, notes: [...record.notes, note] }), record.weights);
}

/** The version that these annotations name: the stored one, or a new one trained and stored. */
async function ensureVersion(
  product: TrainingContext,
  project: Project,
  source: PictureSource,
  { labels, keypoints }: Pick<LabelConfig, 'labels' | 'keypoints'>,
  pulled: PulledAnnotations,
  signal: AbortSignal,
  progress: JobContext<'train'>['progress'],
): Promise<{ version: string; trained: boolean }> {
  const { folder } = product;
  const images = trainingImages(pulled);
  const onProgress = (value: unknown) => {
    const { phase, step, steps } = value as TrainProgress;
    progress(step, steps, phase);
  };
  const { id, train: run } = await source.plan({ images, labels, keypoints, signal, onProgress });
  const known = await getVersion(product.store.db, id);
  if (known !== undefined && (await hasVersion(product, id))) return { version: id, trained: false };

  // A validation holds the engine for seconds, and can wait: it follows the refresh.
  await product.queues.cancelAll({ projectKey: project.key, kinds: ['validate'] });
  const record = await run(fewNotes(pulled.projects.flatMap((own) => own.record.notes ?? [])));
  const learnt = new Set(record.images.map(({ annotation }) => annotation));
  for (const { annotation, labelMap } of images)
    if (learnt.has(annotation.sha256)) await keepAnnotation(folder, annotation.sha256, labelMap);
  if (known !== undefined) await recordTrainedAgain(product, known, record);
  else
    await recordVersion(product.store.db, {
      id: record.id,
      generator_id: source.id,
      labels: json(record.labels),
      record: json(record),
      validation: 'pending',
      weights_sha256: record.weights,
    });
  return { version: record.id, trained: true };
}
