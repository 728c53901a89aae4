import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { type Activation, activationOf, gainOf, scaled } from './weights.ts';

/** A fully connected layer as it is applied: x → x · weightᵀ + bias, weight [out, in], bias [out]. */
export interface Dense {
  readonly weight: FloatTensor;
  readonly bias: FloatTensor;
}

export interface MappingNetwork {
  readonly zDim: number;
  readonly cDim: number;
  readonly wDim: number;
  readonly numWs: number;
  /** Of the class vector, where cDim > 0. */
  readonly embed: Dense | undefined;
  /** Of the class vector in StyleGAN2 for TensorFlow, [out, cDim]: joined with z before they are normalised together. */
  readonly labelConcat: FloatTensor | undefined;
  readonly layers: readonly Dense[];
  readonly lrMultiplier: number;
  readonly activation: Activation;
  /** Where the activation's gain is: after it, as in StyleGAN2, or in the weights alone, as in StyleGAN1. */
  readonly gainOn: 'result' | 'weights';
  readonly wAvg: Float32Array;
  readonly epsilon: number;
}

/**
 * The mapping network of StyleGANs: x = norm(z), joined with norm(embed c) where there are classes, or norm of z joined with label · c; then per layer
 * x ← gain · act(x · Wᵀ λ/√in + λ b), λ the learning-rate multiplier; in StyleGAN1 x ← act(x · Wᵀ gain λ/√in + λ b). The gain of lrelu is √2. Then
 * ws[l] = ψ_l x + (1 - ψ_l) w_avg, which is exact at ψ 0 and 1.
 * norm(x) = x / √(mean x² + ε) over the features.
 */
export function mappingGraph(network: MappingNetwork): Model {
  const { zDim, cDim, wDim, numWs, lrMultiplier, epsilon } = network;
  const g = new GraphBuilder('mapping');
  const normalise = (x: string) => {
    const mean = g.op('ReduceMean', [g.op('Mul', [x, x]), g.int64(1)], { keepdims: { i: 1 } });
    return g.op('Div', [x, g.op('Sqrt', [g.op('Add', [mean, g.scalar(epsilon)])])]);
  };
  const dense = (x: string, { weight, bias }: Dense, lr: number, gain: number, biasGain: number) => {
    const scale = (gain * lr) / Math.sqrt(weight.dims[1]!);
    return g.op(
      'Gemm',
      [x, g.float32(weight.dims, scaled(weight.data, scale)), g.float32(bias.dims, scaled(bias.data, biasGain * lr))],
      {
        transB: { i: 1 },
      },
    );
  };
  const z = g.input('z', 'float32', ['N', zDim]);
  const joined = (a: string, b: string) => g.op('Concat', [a, b], { axis: { i: 1 } });
  let x: string;
  if (network.labelConcat !== undefined) {
    const { dims, data } = network.labelConcat;
    const label = g.op('Gemm', [g.input('c', 'float32', ['N', cDim]), g.float32(dims, data)], { transB: { i: 1 } });
    x = normalise(joined(z, label));
  } else {
    x = normalise(z);
    if (network.embed !== undefined)
      x = joined(x, normalise(dense(g.input('c', 'float32', ['N', cDim]), network.embed, 1, 1, 1)));
  }
  const psi = g.op('Unsqueeze', [g.input('psi', 'float32', [numWs]), g.int64(1)]);
  const gain = gainOf(network.activation);
  const inWeights = network.gainOn === 'weights';
  const act = activationOf(network.activation, inWeights ? 1 : gain);
  for (const layer of network.layers) x = act.apply(g, dense(x, layer, lrMultiplier, inWeights ? gain : act.before, act.before));
  const average = g.float32([1, wDim], network.wAvg);
  const towards = g.op('Mul', [g.op('Unsqueeze', [x, g.int64(1)]), psi]);
  const away = g.op('Mul', [average, g.op('Sub', [g.scalar(1), psi])]);
  g.output(g.op('Add', [towards, away]), 'float32', ['N', numWs, wDim], 'ws');
  return g.model();
}
