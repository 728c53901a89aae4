/** Row-major float32 data of product(`dims`) elements; dims [] is a scalar. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A network's tensors by name, such as `synthesis.b8.conv0.weight`. */
export type TensorMap = ReadonlyMap<string, FloatTensor>;
