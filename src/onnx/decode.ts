import {
  type Attribute,
  ELEMENT_CODES,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.ts';
import { type Field, fields, toFloats, toInteger, toIntegers, toText } from './protobuf-reader.ts';

/**
 * ONNX file bytes → Model; the inverse of encodeModel. Reads files with `raw_data` tensors of our element types, which is all
 * that encodeModel writes. Throws RangeError on anything else.
 */
export function decodeModel(buffer: Uint8Array): Model {
  let decoded: Graph | undefined;
  let opset = 0;
  const metadata: Record<string, string> = {};
  for (const field of fields(buffer)) {
    if (field.number === 7) decoded = graph(body(field));
    else if (field.number === 8) opset = toInteger(only(body(field), 2));
    else if (field.number === 14) metadata[toText(only(body(field), 1))] = toText(only(body(field), 2));
  }
  if (decoded === undefined || opset === 0) throw new RangeError('onnx: the file holds no graph');
  return { graph: decoded, opset, metadata };
}

const body = (field: Field) => field.value as Uint8Array;

function only(buffer: Uint8Array, number: number): Field {
  for (const field of fields(buffer)) if (field.number === number) return field;
  throw new RangeError(`onnx: field ${number} is missing`);
}

function graph(buffer: Uint8Array): Graph {
  const nodes: Node[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, Tensor>();
  let name = '';
  for (const field of fields(buffer)) {
    if (field.number === 1) nodes.push(node(body(field)));
    else if (field.number === 2) name = toText(field);
    else if (field.number === 5) initializers.set(toText(only(body(field), 8)), tensor(body(field)));
    else if (field.number === 11) inputs.push(valueInfo(body(field)));
    else if (field.number === 12) outputs.push(valueInfo(body(field)));
  }
  return { name, nodes, inputs, outputs, initializers };
}

function node(buffer: Uint8Array): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, Attribute> = {};
  let op = '';
  let name = '';
  for (const field of fields(buffer)) {
    if (field.number === 1) inputs.push(toText(field));
    else if (field.number === 2) outputs.push(toText(field));
    else if (field.number === 3) name = toText(field);
    else if (field.number === 4) op = toText(field);
    else if (field.number === 5) attributes[toText(only(body(field), 1))] = attribute(body(field));
  }
  return { op, name, inputs, outputs, attributes };
}

function attribute(buffer: Uint8Array): Attribute {
  const kind = toInteger(only(buffer, 20));
  const repeated = <T>(number: number, read: (field: Field) => Iterable<T>): T[] => {
    const out: T[] = [];
    for (const field of fields(buffer)) if (field.number === number) out.push(...read(field));
    return out;
  };
  switch (kind) {
    case 1:
      return { f: [...toFloats(only(buffer, 2))][0]! };
    case 2:
      return { i: toInteger(only(buffer, 3)) };
    case 3:
      return { s: toText(only(buffer, 4)) };
    case 4:
      return { t: tensor(body(only(buffer, 5))) };
    case 5:
      return { g: graph(body(only(buffer, 6))) };
    case 6:
      return { floats: repeated(7, toFloats) };
    case 7:
      return { ints: repeated(8, toIntegers) };
    default:
      throw new RangeError(`onnx: attribute kind ${kind} is not supported`);
  }
}

function elementType(code: number): ElementType {
  for (const [type, value] of Object.entries(ELEMENT_CODES)) if (value === code) return type as ElementType;
  throw new RangeError(`onnx: element type ${code} is not supported`);
}

function tensor(buffer: Uint8Array): Tensor {
  const dims: number[] = [];
  let type: ElementType | undefined;
  let raw: Uint8Array | undefined;
  for (const field of fields(buffer)) {
    if (field.number === 1) dims.push(...toIntegers(field));
    else if (field.number === 2) type = elementType(toInteger(field));
    else if (field.number === 9) raw = body(field);
  }
  if (type === undefined || raw === undefined) throw new RangeError('onnx: a tensor without raw data');
  // A typed-array view needs alignment that the file does not promise.
  const copy = new Uint8Array(raw);
  if (type === 'float32') return { type, dims, data: new Float32Array(copy.buffer) };
  if (type === 'int64') return { type, dims, data: new BigInt64Array(copy.buffer) };
  if (type === 'int32') return { type, dims, data: new Int32Array(copy.buffer) };
  return { type, dims, data: copy };
}

function valueInfo(buffer: Uint8Array): ValueInfo {
  const tensorType = body(only(body(only(buffer, 2)), 1));
  const name = toText(only(buffer, 1));
  let type: ElementType = 'float32';
  let shape: (number | string)[] | undefined;
  for (const field of fields(tensorType)) {
    if (field.number === 1) type = elementType(toInteger(field));
    else if (field.number === 2) shape = [...fields(body(field))].map((dim) => dimension(body(dim)));
  }
  return shape === undefined ? { name, type } : { name, type, shape };
}

function dimension(buffer: Uint8Array): number | string {
  for (const field of fields(buffer)) {
    if (field.number === 1) return toInteger(field);
    if (field.number === 2) return toText(field);
  }
  return '?';
}
