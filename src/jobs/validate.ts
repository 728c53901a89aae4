import { PRIORITY } from '../engine/engine.ts';
import { validateTask } from '../interpreter/validate.ts';
import type { VersionRecord } from '../interpreter/version.ts';
import type { JsonObject } from '../store/schema.ts';
import { recordValidation, requireVersion } from '../store/versions.ts';
import { configOf, generatorOf, linkProject } from './linked-project.ts';
import type { Product } from './product.ts';
import { pullAnnotations } from './pull-annotations.ts';
import type { JobContext } from './queue/delivery.ts';
import { trainingImages, trainingOptions } from './training-inputs.ts';

/**
 * Leave-images-out figures of a version, added to its record. They describe that version: when the annotations have changed since, there is
 * a newer version that is validated instead.
 */
export async function validate(product: Product, { input, signal }: JobContext<'validate'>): Promise<JsonObject> {
  const { db } = product.store;
  const version = await requireVersion(db, input.versionId);
  if (version.validation !== 'pending') return { validation: version.validation };
  const linked = await linkProject(product, input.projectKey, signal);
  const generator = await generatorOf(product, linked.row);
  const config = configOf(linked.found);
  const pulled = await pullAnnotations(product, linked, config, generator, signal);
  const images = trainingImages(pulled);
  const record = version.record as unknown as VersionRecord;
  const same = new Set(record.images.map(({ image, annotation }) => `${image.seed} ${annotation}`));
  const own = images.filter(({ image, annotation }) => same.has(`${image.seed} ${annotation.sha256}`));
  if (own.length < record.images.length) return { validation: 'pending', reason: 'The annotations have changed since.' };

  const options = trainingOptions(product, linked.row, generator, config.labels);
  const result = await product.engine.run(
    validateTask,
    {
      ...options,
      generator,
      images: own.map(({ image, labelMap }) => ({ image, labelMap })),
      cacheFolder: product.folder.features,
    },
    { lane: 'batch', priority: PRIORITY.validate, makesRoom: true, signal },
  );
  await recordValidation(db, version.id, result === null ? 'none' : 'done', result as unknown as JsonObject | null);
  return { validation: result === null ? 'none' : 'done' };
}
