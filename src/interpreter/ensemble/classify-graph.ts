import { Tensor } from 'onnxruntime-node';
import type { EngineContext } from '../../engine/task.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { featureBlocks, type NetworkShape } from '../network-shape.ts';
import type { TrainingMatrix } from '../sampling/training-matrix.ts';
import type { Classifier } from './classifier.ts';
import { headFeeds, headGraph, headInputs, perMember, vote } from './head-graph.ts';

/** Rows in one run: bounds the memory of the hidden units to 40 MB at E·H1 = 2560. */
const ROWS_PER_RUN = 4096;

/** The network on rows of the training matrix. Inputs: `x.b` [rows, block], `w1.b`, headInputs. Outputs: `labels` [rows], `logits` [E, rows, K]. */
export function classifyGraph(shape: NetworkShape): Model {
  const g = new GraphBuilder('classify');
  const first = shape.members * shape.hidden[0];
  const head = headInputs(g, shape);
  let sums = 'b1';
  for (const [block, { start, end }] of featureBlocks(shape.dims).entries()) {
    const x = g.input(`x.${block}`, 'float32', ['rows', end - start]);
    sums = g.op('Gemm', [x, g.input(`w1.${block}`, 'float32', [end - start, first]), sums]);
  }
  const logits = headGraph(g, perMember(g, sums, shape.members, 1), shape, head);
  g.output(vote(g, logits, shape).labels, 'uint8', ['rows'], 'labels');
  g.output(
    g.op('Transpose', [logits], { perm: { ints: [0, 2, 1] } }),
    'float32',
    [shape.members, 'rows', shape.classes],
    'logits',
  );
  return g.model();
}

/** The ensemble's vote on rows [from, to) of the matrix; the classifier must have been folded for features as the matrix holds them. */
export async function classifyRows(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
  from = 0,
  to = matrix.rows,
): Promise<Uint8Array> {
  const out = new Uint8Array(to - from);
  for await (const { row, values } of classifyRuns(context, classifier, matrix, from, to, 'labels'))
    out.set(values as Uint8Array, row - from);
  return out;
}

/** An output of classifyBatch for rows [from, to), some rows at a time: `values` are of rows [row, end). */
export async function* classifyRuns(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
  from: number,
  to: number,
  output: 'labels' | 'logits',
): AsyncGenerator<{ readonly row: number; readonly end: number; readonly values: Tensor['data'] }> {
  for (let row = from; row < to; row += ROWS_PER_RUN) {
    const end = Math.min(to, row + ROWS_PER_RUN);
    yield { row, end, values: await classifyBatch(context, classifier, matrix, row, end, output) };
    await context.checkpoint();
  }
}

/** `labels` (one a row) or the members' `logits` [E, rows, K] of rows [from, to): one run, so of a small number of rows. */
export async function classifyBatch(
  context: EngineContext,
  classifier: Classifier,
  matrix: TrainingMatrix,
  from: number,
  to: number,
  output: 'labels' | 'logits',
): Promise<Tensor['data']> {
  const { shape } = classifier;
  const session = await context.session(`classify ${JSON.stringify(shape)}`, 0, () => encodeModel(classifyGraph(shape)));
  const first = shape.members * shape.hidden[0];
  const feeds = headFeeds(classifier);
  for (const [b, { start, end }] of featureBlocks(shape.dims).entries()) {
    const width = end - start;
    feeds[`w1.${b}`] = new Tensor('float32', classifier.w1.subarray(start * first, end * first), [width, first]);
    feeds[`x.${b}`] = new Tensor('float32', matrix.blocks[b]!.subarray(from * width, to * width), [to - from, width]);
  }
  return (await session.run(feeds, [output]))[output]!.data;
}
