import { encodeGraph } from './encode.ts';
import { computedValues, copyField } from './exposed-values.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Graph } from './model.ts';
import { fields, toInteger, toText } from './protobuf-reader.ts';
import { type Chunks, concat, integer, message, string } from './protobuf-writer.ts';

/** Field numbers of onnx.proto3. */
const MODEL = { irVersion: 1, graph: 7, opset: 8, metadata: 14 } as const;
const GRAPH = { input: 11, output: 12 } as const;
const OPSET = { domain: 1, version: 2 } as const;

/** The version of the file format that our graphs are written in. */
const IR_VERSION = 8;

/** What is put around an ONNX file. Values that both graphs and the file name alike are the same value. */
export interface Surroundings {
  /** Its outputs are what the file takes, and whatever `after` wants to know. */
  readonly before: Graph;
  /** Takes values of the file, declared as outputs or not, and of `before`. Its outputs are those of the whole. */
  readonly after: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The operator set of ONNX that a file asks for. @throws RangeError when it names none */
export function opsetOf(file: Uint8Array): number {
  for (const field of fields(file)) {
    if (field.number !== MODEL.opset || field.wire !== 2) continue;
    const own = [...fields(field.value)];
    const domain = own.find(({ number }) => number === OPSET.domain);
    const version = own.find(({ number }) => number === OPSET.version);
    if ((domain === undefined || toText(domain) === '') && version !== undefined) return toInteger(version);
  }
  throw new RangeError('onnx: the file names no operator set');
}

/**
 * One ONNX file of a file of any exporter, and of graphs of ours before and behind it. The file is not decoded: its nodes and weights are taken over as they
 * are, whatever kinds of tensors and subgraphs they have. It keeps its operator sets, which ours have to be valid in.
 * @throws RangeError when the file is no ONNX model, or names a value as an input or output of the whole is named
 */
export function surrounded(file: Uint8Array, { before, after, metadata }: Surroundings): Uint8Array {
  const { values } = computedValues(file);
  const own = new Set([...values, ...before.outputs.map(({ name }) => name)]);
  const taken = [...before.inputs, ...after.outputs].find(({ name }) => own.has(name));
  if (taken !== undefined) throw new RangeError(`onnx: the file has a value '${taken.name}' of its own`);
  let prefix = 'datasetgan.';
  while (values.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  const [first, last] = [apart(before, `${prefix}before.`), apart(after, `${prefix}after.`)];
  const out: Chunks = [];
  integer(out, MODEL.irVersion, IR_VERSION);
  for (const field of fields(file)) {
    if (field.number === MODEL.graph && field.wire === 2) {
      const inner: Chunks = [];
      for (const part of fields(field.value))
        if (part.number !== GRAPH.input && part.number !== GRAPH.output) copyField(inner, part);
      const head = encodeGraph({ ...first, outputs: [] });
      const tail = encodeGraph({ ...last, inputs: [] });
      // A message whose parts are put one behind another has the repeated fields of all: the nodes stay in the order in which they are run.
      message(out, MODEL.graph, [...head, ...inner, ...tail]);
    } else if (field.number !== MODEL.irVersion && field.number !== MODEL.metadata) copyField(out, field);
  }
  for (const [key, value] of Object.entries(metadata)) {
    const entry: Chunks = [];
    string(entry, 1, key);
    string(entry, 2, value);
    message(out, MODEL.metadata, entry);
  }
  return concat(out);
}

/** The graph with a prefix before the names of the values within it; inputs and outputs keep theirs. */
function apart(graph: Graph, prefix: string): Graph {
  const builder = new GraphBuilder(graph.name);
  const kept = Object.fromEntries([...graph.inputs, ...graph.outputs].map(({ name }) => [name, name]));
  builder.inline(graph, prefix, kept);
  return { ...builder.graph(), inputs: graph.inputs, outputs: graph.outputs };
}
