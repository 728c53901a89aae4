import type { EngineContext } from '../../engine/task.ts';
import { type Classifier, foldScaled } from '../ensemble/classifier.ts';
import { classifyRuns } from '../ensemble/classify-graph.ts';
import { type EnsembleTraining, trainEnsemble } from '../ensemble/train-ensemble.ts';
import { memberWeights } from '../sampling/resample.ts';
import type { TrainingMatrix } from '../sampling/training-matrix.ts';
import type { BoxedRows } from './boxed-rows.ts';

/** What can be learnt once boxes have been looked into. */
export interface SettledBoxes {
  /** The same pixels; those in boxes have the class that was agreed on. */
  readonly matrix: TrainingMatrix;
  /** Of the given rows those whose class is annotated or agreed on. */
  readonly rows: Int32Array;
  /** Rows in boxes, and how many of them are agreed on. */
  readonly boxed: number;
  readonly agreed: number;
}

export interface BoxesToSettle extends Omit<EnsembleTraining, 'weights' | 'targets' | 'resume'> {
  readonly boxed: BoxedRows;
}

/**
 * Which class the pixels in boxes have. A first ensemble learns what is annotated; of labels that no picture shows but in boxes, the guess in their cores.
 * A pixel in boxes gets the class that every member gives it among those which it may have. Where members differ it stays unknown.
 * A label of which nothing is agreed on keeps its guess.
 * @throws DatasetGanError trainEnsemble's
 */
export async function settleBoxes(context: EngineContext, training: BoxesToSettle): Promise<SettledBoxes> {
  const { matrix, shape, boxed, rows, seed, fold } = training;
  const classesOf = (some: Int32Array) => new Set(Array.from(some, (row) => matrix.labels[row]!));
  const annotated = classesOf(rows.filter((row) => boxed[row] === null));
  const inCore = classesOf(rows.filter((row) => boxed[row]?.isCore === true));
  const first = rows.filter((row) => {
    const pixel = boxed[row]!;
    const label = matrix.labels[row]!;
    return pixel === null || (!annotated.has(label) && (pixel.isCore || !inCore.has(label)));
  });
  const weights = memberWeights(matrix, first, shape.members, seed, fold);
  const settings = { ...training.settings, maxSteps: training.settings.steps };
  const { state } = await trainEnsemble(context, { ...training, settings, rows: first, weights });
  // Without the priors of whole pictures: in a box, its label is about as likely as another.
  const classes = await agreedClasses(context, foldScaled(shape, state), matrix, boxed);

  const shown = new Set(annotated);
  for (const row of rows) if (boxed[row] !== null && classes[row] !== -1) shown.add(classes[row]!);
  const labels = matrix.labels.slice();
  let [inBoxes, agreed] = [0, 0];
  const settled = rows.filter((row) => {
    if (boxed[row] === null) return true;
    inBoxes++;
    if (classes[row] === -1) return !shown.has(labels[row]!);
    labels[row] = classes[row]!;
    agreed++;
    return true;
  });
  return { matrix: { ...matrix, labels }, rows: settled, boxed: inBoxes, agreed };
}

/** By row: the class that all members give it among those that it may have; -1 where they differ. */
async function agreedClasses(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
  boxed: BoxedRows,
): Promise<Int16Array> {
  const { members, classes } = classifier.shape;
  const out = new Int16Array(matrix.rows).fill(-1);
  for await (const { row, end, values } of classifyRuns(context, classifier, matrix, 0, matrix.rows, 'logits')) {
    const logits = values as Float32Array;
    for (let i = 0; i < end - row; i++) {
      const possible = boxed[row + i]?.possible;
      if (possible == null) continue;
      const votes = Array.from({ length: members }, (_, member) => {
        const at = (member * (end - row) + i) * classes;
        return possible.reduce((best, own) => (logits[at + own]! > logits[at + best]! ? own : best));
      });
      if (votes.every((vote) => vote === votes[0])) out[row + i] = votes[0]!;
    }
  }
  return out;
}
