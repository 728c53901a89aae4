/** The part of the ONNX data model that our graphs use, as plain data (onnx.proto3, IR 8). */

export type ElementType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool';

export interface TensorData {
  readonly float32: Float32Array;
  readonly uint8: Uint8Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly bool: Uint8Array;
}

/** A constant: row-major `data` of product(`dims`) elements; dims [] is a scalar. */
export type Tensor = {
  [T in ElementType]: { readonly type: T; readonly dims: readonly number[]; readonly data: TensorData[T] };
}[ElementType];

/** One attribute, by its kind: integer(s), float(s), string, tensor, graph. */
export type Attribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly t: Tensor }
  | { readonly g: Graph };

export interface Node {
  readonly op: string;
  readonly name: string;
  /** Value names; '' leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A named value of a graph's interface. A string dimension is symbolic; shape undefined means unknown rank. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape?: readonly (number | string)[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, Tensor>;
}

export interface Model {
  readonly graph: Graph;
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** ONNX `TensorProto.DataType` numbers. */
export const ELEMENT_CODES: Readonly<Record<ElementType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
