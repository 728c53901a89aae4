import type { EngineContext } from '../../src/engine/task.ts';
import type { Classifier } from '../../src/interpreter/ensemble/classifier.ts';
import { classifyBatch } from '../../src/interpreter/ensemble/classify-graph.ts';
import type { TrainingMatrix } from '../../src/interpreter/sampling/training-matrix.ts';

/** The members' logits [E, rows, K] on all rows of a small matrix. */
export async function classifyLogits(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
): Promise<Float32Array> {
  return (await classifyBatch(context, classifier, matrix, 0, matrix.rows, 'logits')) as Float32Array;
}
