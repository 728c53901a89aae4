import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import { featureBlocks, type NetworkShape, parameterShapes, stateShapes } from '../network-shape.ts';
import { ADAM, BATCH_NORM } from '../recipe.ts';

/** What a training makes small: of class scores the cross-entropy of their softmax, of heat values the squared error. */
export type Loss = 'cross-entropy' | 'squares';

/**
 * Training as one graph: a Loop over T steps of minibatch gradient descent, all members at once, with the backward pass written out
 * (ONNX Runtime does not differentiate). Per member, with x the standardised features of a minibatch of B pixels:
 *
 *     a1 = relu(x·W1 + b1)   y1 = BN1(a1)   a2 = relu(y1·W2 + b2)   y2 = BN2(a2)   o = y2·W3 + b3
 *     cross-entropy: loss = Σ_b w_b·(-Σ_k t_bk·ln p_bk) / Σ_b w_b, p = softmax(o), ∂loss/∂o_bk = w_b·(p_bk - t_bk) / Σ_b w_b
 *     squares:       loss = Σ_b w_b·Σ_k (o_bk - t_bk)² / Σ_b w_b,                 ∂loss/∂o_bk = 2·w_b·(o_bk - t_bk) / Σ_b w_b
 *
 * BN(a) = γ·(a - μ)/√(σ² + ε) + β with the minibatch's unweighted μ and σ² (divisor B); the running variance takes divisor B - 1.
 *
 * Inputs, with n training pixels: `steps` int64 []; `x.b` [n, block]; `targets` t [n, K], one-hot for cross-entropy; `weights` [n, E]; `batches` int32 [T, B];
 * `rates` [T, 3] (adamRates); the arrays of `stateShapes`. Outputs: the same arrays as `NAME.out`, and `losses` [T, E].
 */
export function trainingGraph(shape: NetworkShape, kind: Loss): Model {
  const { members, classes } = shape;
  const blocks = featureBlocks(shape.dims);
  const g = new GraphBuilder('training');
  const steps = g.input('steps', 'int64', []);
  for (const [block, { start, end }] of blocks.entries()) g.input(`x.${block}`, 'float32', ['n', end - start]);
  g.input('targets', 'float32', ['n', classes]);
  g.input('weights', 'float32', ['n', members]);
  g.input('batches', 'int32', ['T', 'B']);
  g.input('rates', 'float32', ['T', 3]);
  const state = stateShapes(shape);
  for (const { name, dims } of state) g.input(name, 'float32', dims);

  const body = stepGraph(g.subgraph('step'), shape, kind);
  const always = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const outputs = g.ops('Loop', [steps, always, ...state.map(({ name }) => name)], state.length + 1, {
    body: { g: body.graph() },
  });
  for (const [i, { name, dims }] of state.entries()) g.output(outputs[i]!, 'float32', dims, `${name}.out`);
  g.output(outputs[state.length]!, 'float32', ['T', members], 'losses');
  return g.model();
}

function stepGraph(g: GraphBuilder, shape: NetworkShape, kind: Loss): GraphBuilder {
  const { members } = shape;
  const [h1] = shape.hidden;
  const blocks = featureBlocks(shape.dims);
  const step = g.input(g.unique('step'), 'int64', []);
  const go = g.input(g.unique('go'), 'bool', []);
  const current = new Map(stateShapes(shape).map(({ name, dims }) => [name, g.input(g.unique(name), 'float32', dims)]));
  const next = new Map<string, string>();
  const now = (name: string): string => current.get(name)!;

  const add = (a: string, b: string) => g.op('Add', [a, b]);
  const sub = (a: string, b: string) => g.op('Sub', [a, b]);
  const mul = (a: string, b: string) => g.op('Mul', [a, b]);
  const div = (a: string, b: string) => g.op('Div', [a, b]);
  const matmul = (a: string, b: string) => g.op('MatMul', [a, b]);
  const swap = (a: string) => g.op('Transpose', [a], { perm: { ints: [0, 2, 1] } });
  const sum = (a: string, axis: number) => g.op('ReduceSum', [a, g.int64(axis)]);
  const rows = (data: string, index: string) => g.op('Gather', [data, index]);
  const one = g.scalar(1);
  const epsilon = g.scalar(BATCH_NORM.epsilon);
  const momentum = g.scalar(BATCH_NORM.momentum);
  const keep = g.scalar(1 - BATCH_NORM.momentum);

  const batch = rows('batches', step);
  const rates = rows('rates', step);
  const [rate, adamEpsilon, growth] = [0, 1, 2].map((i) => g.op('Gather', [rates, g.int64(i)])) as [string, string, string];
  const size = g.op('Cast', [g.op('Size', [batch])], { to: { i: 1 } });
  const unbiased = div(size, sub(size, one));

  /**
   * A BatchNorm over `axis` of a = relu(…), folded into the layer after it, so that no normalised array is ever made: with s = γ/√(σ² + ε),
   *
   *     forward:   z = y·W + b = a·(s·W) + b + (β - μ·s)·W
   *     backward, of ∂z, with G = aᵀ·∂z and ∂b = Σ_B ∂z:   ∂W = s·G + (β - μ·s)·∂b   ∂β = W·∂b   ∂γ = (Σ_o W·G - μ·∂β)/√(σ² + ε)
   *     ∂a = ∂z·(s·W)ᵀ - a·c + μ·c - s·∂β/B,   c = s·∂γ/√(σ² + ε)/B
   *
   * @param byMember reshapes a row of all members' units, [1, E·H] or [E, 1, H], to [E, 1, H]
   */
  const gradients = new Map<string, string>();
  const foldedNorm = (a: string, layer: 1 | 2, axis: number, byMember: (row: string) => string) => {
    const weights = now(`w${layer + 1}`);
    const mean = div(sum(a, axis), size);
    // Rounding may leave the variance of a unit that is always the same a little below 0.
    const variance = g.op('Relu', [sub(div(sum(mul(a, a), axis), size), mul(mean, mean))]);
    const inverse = div(one, g.op('Sqrt', [add(variance, epsilon)]));
    const scale = mul(now(`gamma${layer}`), inverse);
    const offset = byMember(sub(now(`beta${layer}`), mul(mean, scale)));
    next.set(`mean${layer}`, add(mul(now(`mean${layer}`), keep), mul(mean, momentum)));
    next.set(`variance${layer}`, add(mul(now(`variance${layer}`), keep), mul(mul(variance, unbiased), momentum)));
    const scaled = mul(weights, swap(byMember(scale)));
    const bias = add(now(`b${layer + 1}`), matmul(offset, weights));
    /** units: a as [E, B, H]; flat: an [E, 1, H] in the form of a's rows. ∂z → ∂z·(s·W)ᵀ, and the c and the constant that ∂a takes of it. */
    const backward = (dZ: string, units: string, flat: (rows: string) => string) => {
      const dBias = sum(dZ, 1);
      const products = matmul(swap(units), dZ);
      const dBeta = flat(matmul(dBias, swap(weights)));
      const alongUnits = flat(swap(sum(mul(weights, products), 2)));
      const dGamma = mul(sub(alongUnits, mul(mean, dBeta)), inverse);
      gradients.set(`b${layer + 1}`, dBias);
      gradients.set(`w${layer + 1}`, add(mul(products, swap(byMember(scale))), matmul(swap(offset), dBias)));
      gradients.set(`beta${layer}`, dBeta);
      gradients.set(`gamma${layer}`, dGamma);
      const along = div(mul(mul(scale, inverse), dGamma), size);
      const constant = sub(mul(mean, along), div(mul(scale, dBeta), size));
      return { dUnits: matmul(dZ, swap(scaled)), along, constant };
    };
    return { scaled, bias, backward };
  };
  // ∂a → ∂z of a = relu(z). The derivative is 1 where a > 0, else 0: min(1, 3e38·a), which runs on all threads where Sign does not. a·c is 0 where it is.
  const reluBackward = (dA: string, a: string, { along, constant }: { along: string; constant: string }) =>
    sub(mul(add(dA, constant), g.op('HardSigmoid', [a], { alpha: { f: 3e38 }, beta: { f: 0 } })), mul(a, along));

  // Forward.
  const x = blocks.map((_, block) => rows(`x.${block}`, batch));
  let z1 = now('b1');
  for (const [block, columns] of x.entries()) z1 = g.op('Gemm', [columns, now(`w1.${block}`), z1]);
  const a1 = g.op('Relu', [z1]);
  const norm1 = foldedNorm(a1, 1, 0, (row) => g.op('Reshape', [row, g.int64(members, 1, h1)]));
  const units1 = g.op('Transpose', [g.op('Reshape', [a1, g.int64(-1, members, h1)])], { perm: { ints: [1, 0, 2] } });
  const a2 = g.op('Relu', [add(matmul(units1, norm1.scaled), norm1.bias)]);
  const norm2 = foldedNorm(a2, 2, 1, (row) => row);
  const output = add(matmul(a2, norm2.scaled), norm2.bias);
  const target = rows('targets', batch);
  const weights = g.op('Transpose', [rows('weights', batch)], { perm: { ints: [1, 0] } });
  const share = g.op('Unsqueeze', [div(weights, sum(weights, 1)), g.int64(2)]);
  const { losses, slope } = lossGraph(g, output, target, kind);
  const loss = g.op('ReduceSum', [mul(losses, share), g.int64(1, 2)], { keepdims: { i: 0 } });

  // Backward. Every gradient is linear in this one, so all of them come out multiplied by the growth that stateShapes explains.
  const dOutput = mul(slope, mul(share, growth));
  const back2 = norm2.backward(dOutput, a2, (rows) => rows);
  const dZ2 = reluBackward(back2.dUnits, a2, back2);
  const flat1 = (rows: string) => g.op('Reshape', [rows, g.int64(1, members * h1)]);
  const back1 = norm1.backward(dZ2, units1, flat1);
  const dA1 = g.op('Reshape', [g.op('Transpose', [back1.dUnits], { perm: { ints: [1, 0, 2] } }), g.int64(-1, members * h1)]);
  const dZ1 = reluBackward(dA1, a1, back1);
  gradients.set('b1', sum(dZ1, 0));
  for (const [block, columns] of x.entries()) gradients.set(`w1.${block}`, g.op('Gemm', [columns, dZ1], { transA: { i: 1 } }));

  // Adam.
  const beta1 = g.scalar(ADAM.beta1 / Math.sqrt(ADAM.beta2));
  for (const { name } of parameterShapes(shape)) {
    const gradient = gradients.get(name)!;
    const m = add(mul(now(`${name}.m`), beta1), gradient);
    const s = add(now(`${name}.s`), mul(gradient, gradient));
    next.set(`${name}.m`, m);
    next.set(`${name}.s`, s);
    next.set(name, sub(now(name), mul(div(m, add(g.op('Sqrt', [s]), adamEpsilon)), rate)));
  }

  g.output(g.op('Identity', [go]), 'bool', []);
  for (const { name, dims } of stateShapes(shape)) g.output(next.get(name)!, 'float32', dims);
  g.output(loss, 'float32', [members]);
  return g;
}

/** Output o and target t, [E, B, K]: what each output adds to its pixel's loss, and ∂loss/∂o of that pixel. */
function lossGraph(g: GraphBuilder, output: string, target: string, kind: Loss): { losses: string; slope: string } {
  if (kind === 'squares') {
    const error = g.op('Sub', [output, target]);
    return { losses: g.op('Mul', [error, error]), slope: g.op('Add', [error, error]) };
  }
  const logP = g.op('LogSoftmax', [output]);
  const losses = g.op('Neg', [g.op('Mul', [target, logP])]);
  return { losses, slope: g.op('Sub', [g.op('Exp', [logP]), target]) };
}
