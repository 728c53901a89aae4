import { type Attribute, ELEMENT_CODES, type Graph, type Model, type Node, type Tensor, type ValueInfo } from './model.ts';
import { bytes, type Chunks, concat, float, integer, message, string } from './protobuf-writer.ts';

/** Model → ONNX file bytes (ModelProto, IR 8; field numbers from onnx.proto3). Below 2 GB, the format's own limit. */
export function encodeModel(model: Model): Uint8Array {
  const out: Chunks = [];
  integer(out, 1, 8);
  string(out, 2, 'label-studio-datasetgan');
  message(out, 7, encodeGraph(model.graph));
  const opset: Chunks = [];
  string(opset, 1, '');
  integer(opset, 2, model.opset);
  message(out, 8, opset);
  for (const [key, value] of Object.entries(model.metadata)) {
    const entry: Chunks = [];
    string(entry, 1, key);
    string(entry, 2, value);
    message(out, 14, entry);
  }
  return concat(out);
}

/** The fields of a GraphProto. */
export function encodeGraph(value: Graph): Chunks {
  const out: Chunks = [];
  for (const item of value.nodes) message(out, 1, node(item));
  string(out, 2, value.name);
  for (const [name, item] of value.initializers) message(out, 5, tensor(item, name));
  for (const item of value.inputs) message(out, 11, valueInfo(item));
  for (const item of value.outputs) message(out, 12, valueInfo(item));
  return out;
}

function node(value: Node): Chunks {
  const out: Chunks = [];
  for (const input of value.inputs) string(out, 1, input);
  for (const output of value.outputs) string(out, 2, output);
  string(out, 3, value.name);
  string(out, 4, value.op);
  for (const [name, item] of Object.entries(value.attributes)) message(out, 5, attribute(name, item));
  return out;
}

function attribute(name: string, value: Attribute): Chunks {
  const out: Chunks = [];
  string(out, 1, name);
  if ('f' in value) {
    float(out, 2, value.f);
    integer(out, 20, 1);
  } else if ('i' in value) {
    integer(out, 3, value.i);
    integer(out, 20, 2);
  } else if ('s' in value) {
    string(out, 4, value.s);
    integer(out, 20, 3);
  } else if ('t' in value) {
    message(out, 5, tensor(value.t, ''));
    integer(out, 20, 4);
  } else if ('g' in value) {
    message(out, 6, encodeGraph(value.g));
    integer(out, 20, 5);
  } else if ('floats' in value) {
    for (const item of value.floats) float(out, 7, item);
    integer(out, 20, 6);
  } else {
    for (const item of value.ints) integer(out, 8, item);
    integer(out, 20, 7);
  }
  return out;
}

function tensor(value: Tensor, name: string): Chunks {
  const expected = value.dims.reduce((product, size) => product * size, 1);
  if (expected !== value.data.length)
    throw new RangeError(`tensor '${name}': ${value.data.length} elements for dims [${value.dims}]`);
  const out: Chunks = [];
  for (const size of value.dims) integer(out, 1, size);
  integer(out, 2, ELEMENT_CODES[value.type]);
  if (name !== '') string(out, 8, name);
  bytes(out, 9, new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength));
  return out;
}

function valueInfo(value: ValueInfo): Chunks {
  const tensorType: Chunks = [];
  integer(tensorType, 1, ELEMENT_CODES[value.type]);
  if (value.shape !== undefined) {
    const shape: Chunks = [];
    for (const size of value.shape) {
      const dim: Chunks = [];
      if (typeof size === 'number') integer(dim, 1, size);
      else string(dim, 2, size);
      message(shape, 1, dim);
    }
    message(tensorType, 2, shape);
  }
  const type: Chunks = [];
  message(type, 1, tensorType);
  const out: Chunks = [];
  string(out, 1, value.name);
  message(out, 2, type);
  return out;
}
