import type { UnpaintedRules } from '../../label-studio/annotations/counting-annotation.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import type { DecodedAnnotations } from '../engine-tasks/decode-annotations.ts';
import { lookAtPictureTask } from '../engine-tasks/look-at-picture.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { Product } from '../product/product.ts';
import { pictureOf } from '../projects/task-picture.ts';

/**
 * A task whose label map is final: where the annotation alone does not tell what its unpainted pixels mean, the picture is made and looked at.
 * Pictures of other generators are not looked at: nothing is trained on them.
 * @throws DatasetGanError `cancelled`, and what synthesis throws
 */
export async function withPictureRead(
  product: Pick<Product, 'engine'>,
  generator: Generator,
  task: DecodedAnnotations,
  { rules, labels, signal }: { readonly rules: UnpaintedRules; readonly labels: number; readonly signal: AbortSignal },
): Promise<DecodedAnnotations> {
  const { counted, meta } = task;
  const { unpainted } = rules;
  if (counted === null || counted.painted === null || unpainted === 'background') return task;
  if (meta === null || meta.generator !== generator.card.id) return task;
  const picture = await product.engine.run(
    synthesizeImageTask,
    { generator, image: pictureOf(meta) },
    { lane: 'batch', priority: PRIORITY.train, memory: synthesisMemory(generator.card), signal },
  );
  const { painted } = counted;
  const read = await product.engine.run(lookAtPictureTask, { painted, picture, unpainted, labels }, { lane: 'codec', signal });
  return {
    ...task,
    counted: { ...counted, labelMap: read.map, painted: null },
    summary: read.summary,
    notes: read.note === null ? task.notes : [...task.notes, `task ${task.taskId}: ${read.note}`],
  };
}
