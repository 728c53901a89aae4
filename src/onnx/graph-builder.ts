import type { Attribute, ElementType, Graph, Model, Node, Tensor, ValueInfo } from './model.ts';

/** ONNX operator set of every graph we build. 18 and later take Reduce* axes as an input. */
const OPSET = 18;

/**
 * Builds one graph, op by op; a value is its name. A subgraph (Loop body) shares the name counter with its parent, because ONNX
 * wants names unique across both, and may use the parent's values directly.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #counter: { next: number };
  readonly #nodes: Node[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #initializers = new Map<string, Tensor>();

  constructor(name: string, counter = { next: 0 }) {
    this.#name = name;
    this.#counter = counter;
  }

  /** A builder for a Loop or If body inside this graph. */
  subgraph(name: string): GraphBuilder {
    return new GraphBuilder(name, this.#counter);
  }

  unique(stem: string): string {
    return `${stem}_${this.#counter.next++}`;
  }

  input(name: string, type: ElementType, shape: readonly (number | string)[]): string {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Declares `value` as an output. Given another `name`, an Identity renames it. */
  output(value: string, type: ElementType, shape?: readonly (number | string)[], name = value): void {
    if (name !== value) this.#nodes.push({ op: 'Identity', name, inputs: [value], outputs: [name], attributes: {} });
    this.#outputs.push(shape === undefined ? { name, type } : { name, type, shape });
  }

  /** Adds a constant and returns its value. */
  constant(tensor: Tensor, name = this.unique('constant')): string {
    if (this.#initializers.has(name)) throw new RangeError(`onnx: constant '${name}' already exists`);
    this.#initializers.set(name, tensor);
    return name;
  }

  float32(dims: readonly number[], data: Float32Array | readonly number[], name?: string): string {
    return this.constant({ type: 'float32', dims, data: data instanceof Float32Array ? data : Float32Array.from(data) }, name);
  }

  /** A 1-D int64 constant: shapes, axes, starts, ends. */
  int64(...values: number[]): string {
    return this.constant({ type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  scalar(value: number): string {
    return this.float32([], [value]);
  }

  /** Adds a node with one output and returns that output. */
  op(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.unique(op),
  ): string {
    this.#nodes.push({ op, name: output, inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds a node with several outputs. */
  ops(op: string, inputs: readonly string[], outputs: number, attributes: Readonly<Record<string, Attribute>> = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.unique(op));
    this.#nodes.push({ op, name: names[0] ?? this.unique(op), inputs, outputs: names, attributes });
    return names;
  }

  /**
   * Copies the nodes and constants of `graph` in under `prefix`, its inputs bound to values of this graph.
   * Returns its outputs by their names in `graph`.
   */
  inline(graph: Graph, prefix: string, bindings: Readonly<Record<string, string>>): Map<string, string> {
    const rename = (name: string): string => (name === '' ? '' : (bindings[name] ?? `${prefix}${name}`));
    for (const input of graph.inputs) {
      if (bindings[input.name] === undefined) throw new RangeError(`onnx: input '${input.name}' of '${graph.name}' is not bound`);
    }
    for (const [name, tensor] of graph.initializers) this.constant(tensor, rename(name));
    this.#nodes.push(...graph.nodes.map((node) => renamed(node, prefix, rename)));
    return new Map(graph.outputs.map((output) => [output.name, rename(output.name)]));
  }

  graph(): Graph {
    return {
      name: this.#name,
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#initializers,
    };
  }

  model(metadata: Readonly<Record<string, string>> = {}): Model {
    return { graph: this.graph(), opset: OPSET, metadata };
  }
}

/** The node with other names of its values, and of those in its subgraphs. */
function renamed(node: Node, prefix: string, rename: (name: string) => string): Node {
  const body = (graph: Graph): Graph => ({
    name: graph.name,
    nodes: graph.nodes.map((own) => renamed(own, prefix, rename)),
    inputs: graph.inputs.map((own) => ({ ...own, name: rename(own.name) })),
    outputs: graph.outputs.map((own) => ({ ...own, name: rename(own.name) })),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [rename(name), tensor])),
  });
  const attributes = Object.entries(node.attributes).map(([key, own]) => [key, 'g' in own ? { g: body(own.g) } : own] as const);
  return {
    op: node.op,
    name: `${prefix}${node.name}`,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}
