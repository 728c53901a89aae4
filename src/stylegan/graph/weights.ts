import type { GraphBuilder } from '../../onnx/graph-builder.ts';

/** values · factor, rounded once to float32. */
export function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}

/** Negative slope of the leaky ReLU in all StyleGANs, as the float32 that ONNX stores. */
const SLOPE = Math.fround(0.2);

interface Rule {
  /** What the result of an activation is multiplied by. */
  readonly gain: number;
  /** Whether act(a x) = a act(x) for a > 0, so that the gain may stand before it. */
  readonly scales: boolean;
  /** act(x), as the value `output`. */
  readonly apply: (g: GraphBuilder, x: string, output?: string) => string;
}

const op =
  (name: string, attributes: Parameters<GraphBuilder['op']>[2] = {}): Rule['apply'] =>
  (g, x, output) =>
    g.op(name, [x], attributes, output);

/** By the names that NVIDIA's programs give them; `selu` has ONNX's α 1.67326 and γ 1.05070, swish is x · sigmoid(x). */
const RULES = {
  linear: { gain: 1, scales: true, apply: op('Identity') },
  relu: { gain: Math.SQRT2, scales: true, apply: op('Relu') },
  lrelu: { gain: Math.SQRT2, scales: true, apply: op('LeakyRelu', { alpha: { f: SLOPE } }) },
  tanh: { gain: 1, scales: false, apply: op('Tanh') },
  sigmoid: { gain: 1, scales: false, apply: op('Sigmoid') },
  elu: { gain: 1, scales: false, apply: op('Elu', { alpha: { f: 1 } }) },
  selu: { gain: 1, scales: false, apply: op('Selu') },
  softplus: { gain: 1, scales: false, apply: op('Softplus') },
  swish: { gain: Math.SQRT2, scales: false, apply: (g, x, output) => g.op('Mul', [x, g.op('Sigmoid', [x])], {}, output) },
} as const satisfies Readonly<Record<string, Rule>>;

/** The activation of a network's layers. All published StyleGANs have `lrelu`. */
export type Activation = keyof typeof RULES;

export const USUAL_ACTIVATION = 'lrelu' satisfies Activation;

export function isActivation(name: unknown): name is Activation {
  return typeof name === 'string' && Object.hasOwn(RULES, name);
}

/** The gain that NVIDIA's programs give an activation. */
export const gainOf = (activation: Activation): number => RULES[activation].gain;

/**
 * How `gain · act(x)` is made: what x is multiplied by beforehand, where that costs nothing since the activation scales with it, and the rest, which
 * follows it.
 */
export function activationOf(
  activation: Activation,
  gain: number,
): { readonly before: number; readonly apply: (g: GraphBuilder, x: string, output?: string) => string } {
  const { scales, apply }: Rule = RULES[activation];
  if (scales || gain === 1) return { before: scales ? gain : 1, apply };
  return { before: 1, apply: (g, x, output) => g.op('Mul', [apply(g, x), g.scalar(gain)], {}, output) };
}

/** [out, in, size] → [in, out, size], as transposed convolutions take their weights. */
export function swapped(data: Float32Array, outputs: number, inputs: number, size: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const from = (o * inputs + i) * size;
      out.set(data.subarray(from, from + size), (i * outputs + o) * size);
    }
  return out;
}
