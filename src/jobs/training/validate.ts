import type { TrainingRecord } from '../../interpreter/versions/version.ts';
import { listJobs } from '../../store/jobs.ts';
import { versionsOfProject } from '../../store/project-versions.ts';
import { requireProject } from '../../store/projects.ts';
import type { JsonObject, Project } from '../../store/schema.ts';
import { recordValidation, requireVersion } from '../../store/versions.ts';
import type { Records, TrainingContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { type RecordedPicture, trainingOf } from '../product/version-record.ts';
import type { JobContext } from '../queue/delivery.ts';
import type { KeptImage } from '../sources/picture-source.ts';
import { sourceOf } from '../sources/source-of.ts';
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
  const source = await sourceOf(product, project);
  const images = await keptImages(product, trainingOf(version));
  if (images === undefined || !source.made(version)) {
    await recordValidation(db, versionId, 'none', null);
    return {
      validation: 'none',
      reason: images === undefined ? 'Its label maps were deleted.' : 'The project now has another generator or backbone.',
    };
  }
  const result = await source.validate(version, images, signal);
  await recordValidation(db, versionId, result === null ? 'none' : 'done', result);
  return { validation: result === null ? 'none' : 'done' };
}

/** Without mirror images. undefined when a label map no longer exists: versions of older releases did not keep them. */
async function keptImages(
  product: Pick<Product, 'folder'>,
  { images, labels }: TrainingRecord<RecordedPicture>,
): Promise<KeptImage[] | undefined> {
  const kept: KeptImage[] = [];
  for (const { image, annotation, boxes = [], keypoints = null } of images) {
    if ('mirrored' in image) continue;
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
