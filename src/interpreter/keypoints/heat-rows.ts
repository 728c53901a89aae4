import type { EngineContext } from '../../engine/task.ts';
import type { Classifier } from '../ensemble/classifier.ts';
import { classifyRuns } from '../ensemble/classify-graph.ts';
import type { TrainingMatrix } from '../sampling/training-matrix.ts';

/** Heat [to - from, K] of rows [from, to) of the matrix: the mean of the members' outputs. */
export async function heatRows(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
  from = 0,
  to = matrix.rows,
): Promise<Float32Array> {
  const { members, classes } = classifier.shape;
  const out = new Float32Array((to - from) * classes);
  for await (const { row, end, values } of classifyRuns(context, classifier, matrix, from, to, 'logits')) {
    const outputs = values as Float32Array;
    const size = (end - row) * classes;
    const start = (row - from) * classes;
    for (let i = 0; i < members * size; i++) out[start + (i % size)]! += outputs[i]! / members;
  }
  return out;
}
