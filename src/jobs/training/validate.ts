import { validateTask } from '../../interpreter/versions/validate.ts';
import type { VersionRecord } from '../../interpreter/versions/version.ts';
import { listJobs } from '../../store/jobs.ts';
import { versionsOfProject } from '../../store/project-versions.ts';
import { requireProject } from '../../store/projects.ts';
import type { JsonObject, Project } from '../../store/schema.ts';
import { recordValidation, requireVersion } from '../../store/versions.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Records, TrainingContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { recordOf } from '../product/version-record.ts';
import { generatorOf } from '../projects/linked-project.ts';
import type { JobContext } from '../queue/delivery.ts';
import { keptAnnotation } from './kept-annotations.ts';

/**
 * Leave-images-out figures of a version, added to its record: of the annotations that it learnt from, whatever became of them since. Then the newest
 * of the project's versions that still lacks them gets its turn, so that a curve comes about once nothing else is to do.
 */
export async function validate(product: TrainingContext, { input, signal }: JobContext<'validate'>): Promise<JsonObject> {
  const project = await requireProject(product.store.db, input.projectKey);
  const outcome = await validateOne(product, project, input.versionId, signal);
  await validateNext(product, project.key);
  return outcome;
}

async function validateOne(
  product: TrainingContext,
  project: Project,
  versionId: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { db } = product.store;
  const version = await requireVersion(db, versionId);
  if (version.validation !== 'pending') return { validation: version.validation };
  const record = recordOf(version);
  const generator = await generatorOf(product, project);
  const images = await keptImages(product, record);
  if (images === undefined || generator.card.id !== record.generator) {
    await recordValidation(db, versionId, 'none', null);
    return {
      validation: 'none',
      reason: images === undefined ? 'Its label maps were deleted.' : 'The project now has another generator.',
    };
  }
  const result = await product.engine.run(
    validateTask,
    { ...asTrained(product, record, generator), images, cacheFolder: product.folder.features },
    { lane: 'batch', priority: PRIORITY.validate, makesRoom: true, signal },
  );
  await recordValidation(db, versionId, result === null ? 'none' : 'done', result);
  return { validation: result === null ? 'none' : 'done' };
}

/** Settings of the version, in addition to its pictures. */
function asTrained(product: Pick<Product, 'settings'>, record: VersionRecord, generator: Generator) {
  const { psi, cutoff, classRule, labels, settings, seed } = record;
  const keypoints = record.keypoints?.names ?? [];
  return { generator, psi, cutoff, classRule, labels, keypoints, settings, seed, trainMemory: product.settings.trainMemory };
}

/** undefined when a label map no longer exists: versions of older releases did not keep them. */
async function keptImages(product: Pick<Product, 'folder'>, { images, labels }: VersionRecord) {
  const kept = [];
  for (const { image, annotation, boxes = [], keypoints = null } of images) {
    const labelMap = await keptAnnotation(product.folder, annotation, labels.length);
    if (labelMap === undefined) return undefined;
    kept.push({ image, labelMap, boxes, keypoints });
  }
  return kept;
}

/** A training that is on its way comes first; its refresh asks for the next validation. */
async function validateNext(product: Records, projectKey: string): Promise<void> {
  const { db } = product.store;
  const busy = await listJobs(db, { projectKey, kinds: ['train', 'refresh'], states: ['queued', 'running'] });
  if (busy.length > 0) return;
  const [next] = await versionsOfProject(db, projectKey, { validation: 'pending', limit: 1 });
  if (next !== undefined) await product.queues.enqueue('validate', { projectKey, versionId: next.id });
}
