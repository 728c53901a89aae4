import { messageOf } from '../thrown.ts';
import { type Field, fields, toText } from './protobuf-reader.ts';
import { bytes, type Chunks, concat, integer, message, string } from './protobuf-writer.ts';

/** Field numbers of onnx.proto3: ModelProto.graph, GraphProto.node and .output, NodeProto.output, ValueInfoProto.name. */
const GRAPH = 7;
const NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const VALUE_NAME = 1;

/** What an ONNX file of any program computes, by name. */
export interface ComputedValues {
  /** Of all nodes, in their order. */
  readonly values: readonly string[];
  /** Of those, the declared outputs. */
  readonly outputs: readonly string[];
}

/** @throws RangeError when the file is no ONNX model */
export function computedValues(file: Uint8Array): ComputedValues {
  const graph = graphOf(file);
  const namesIn = (number: number, inner: number) =>
    [...fields(graph)]
      .filter((field) => field.number === number)
      .flatMap((field) => [...fields(field.value as Uint8Array)].filter((own) => own.number === inner).map(toText));
  return {
    values: namesIn(NODE, NODE_OUTPUT).filter((name) => name !== ''),
    outputs: namesIn(GRAPH_OUTPUT, VALUE_NAME),
  };
}

/**
 * The same file with further values of its graph as outputs. Their types are left out: ONNX Runtime works them out.
 * @throws RangeError when the file is no ONNX model
 */
export function withOutputs(file: Uint8Array, names: readonly string[]): Uint8Array {
  const { outputs } = computedValues(file);
  const added: Chunks = [];
  for (const name of names.filter((own) => !outputs.includes(own))) {
    const value: Chunks = [];
    string(value, VALUE_NAME, name);
    message(added, GRAPH_OUTPUT, value);
  }
  if (added.length === 0) return file;
  const out: Chunks = [];
  for (const field of fields(file)) {
    // A message with a repeated field put behind it has that field once more.
    if (field.number === GRAPH && field.wire === 2) message(out, GRAPH, [field.value, ...added]);
    else copyField(out, field);
  }
  return concat(out);
}

/** Writes a field as it was read. @throws RangeError for fixed-size numbers, which a model has none of */
export function copyField(out: Chunks, field: Field): void {
  if (field.wire === 0) integer(out, field.number, field.value);
  else if (field.wire === 2) bytes(out, field.number, field.value);
  else throw new RangeError(`onnx: field ${field.number} of the model has wire type ${field.wire}`);
}

function graphOf(file: Uint8Array): Uint8Array {
  try {
    for (const field of fields(file)) if (field.number === GRAPH && field.wire === 2) return field.value;
  } catch (cause) {
    throw new RangeError(`onnx: ${messageOf(cause)}`, { cause });
  }
  throw new RangeError('onnx: the file holds no graph');
}
