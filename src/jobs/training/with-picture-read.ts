import type { UnpaintedRules } from '../../label-studio/annotations/counting-annotation.ts';
import { lookAtPictureTask } from '../engine-tasks/look-at-picture.ts';
import type { SeenAnnotations } from '../product/decoded-cache.ts';
import type { Product } from '../product/product.ts';
import type { PictureSource } from '../sources/picture-source.ts';

/**
 * A task whose label map is final: where the annotation alone does not tell what its unpainted pixels mean, the picture is looked at.
 * Pictures of other sources are not looked at: nothing is trained on them.
 * @throws DatasetGanError `cancelled`, and what the source throws
 */
export async function withPictureRead<T extends SeenAnnotations>(
  product: Pick<Product, 'engine'>,
  source: PictureSource,
  task: T,
  { rules, labels, signal }: { readonly rules: UnpaintedRules; readonly labels: number; readonly signal: AbortSignal },
): Promise<T> {
  const { counted, picture } = task;
  const { unpainted } = rules;
  if (counted === null || counted.painted === null || unpainted === 'background') return task;
  if (picture === null || !source.isOwn(picture)) return task;
  const { painted } = counted;
  const pixels = await source.pixels(picture, signal);
  const input = { painted, picture: pixels, unpainted, labels, size: source.sizeOf(picture) };
  const read = await product.engine.run(lookAtPictureTask, input, { lane: 'codec', signal });
  return {
    ...task,
    counted: { ...counted, labelMap: read.map, painted: null },
    summary: read.summary,
    notes: read.note === null ? task.notes : [...task.notes, `task ${task.taskId}: ${read.note}`],
  };
}
