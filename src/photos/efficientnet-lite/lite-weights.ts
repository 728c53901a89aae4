import type { FloatTensor, TensorMap } from '../../stylegan/tensor-map.ts';
import { badBackbone } from '../bad-backbone.ts';

/** A convolution with the normalisation after it folded in: weight [out, in/groups, k, k], bias [out]. */
export interface FoldedConvolution {
  readonly weight: FloatTensor;
  readonly bias: Float32Array;
}

/** Added to variances, in TensorFlow's EfficientNets and so in their conversions. */
const EPSILON = 1e-3;

/**
 * Takes convolutions out of a state dict. γ·(W∗x − μ)/√(σ² + ε) + β is a convolution with weight W·γ/√(σ² + ε) and bias β − μ·γ/√(σ² + ε), computed in
 * double precision.
 * @throws DatasetGanError `bad-backbone` for a tensor that is missing, misshapen or not finite
 */
export function foldedConvolution(tensors: TensorMap, convolution: string, normalisation: string): FoldedConvolution {
  const weight = take(tensors, `${convolution}.weight`);
  if (weight.dims.length !== 4) throw badBackbone(`'${convolution}' is not a convolution`);
  const outputs = weight.dims[0]!;
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => {
    const { data } = take(tensors, `${normalisation}.${name}`);
    if (data.length !== outputs) throw badBackbone(`'${normalisation}' does not fit '${convolution}'`);
    return data;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const factors = Float64Array.from(gamma, (value, c) => value / Math.sqrt(variance[c]! + EPSILON));
  const each = weight.data.length / outputs;
  return {
    weight: { dims: weight.dims, data: weight.data.map((value, i) => value * factors[Math.floor(i / each)]!) },
    bias: Float32Array.from(beta, (value, c) => value - mean[c]! * factors[c]!),
  };
}

function take(tensors: TensorMap, name: string): FloatTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw badBackbone(`the tensor '${name}' is missing`);
  if (!tensor.data.every(Number.isFinite)) throw badBackbone(`'${name}' has a value that is not finite`);
  return tensor;
}
