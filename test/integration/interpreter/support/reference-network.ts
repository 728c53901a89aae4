/**
 * The classifier and its training in double precision, member by member, pixel by pixel, from the formulas alone: nothing here is shared
 * with the product. One member; weights as [in][out] nested arrays would be slow, so they are flat, row-major.
 */
export interface ReferenceParameters {
  w1: Float64Array;
  b1: Float64Array;
  gamma1: Float64Array;
  beta1: Float64Array;
  w2: Float64Array;
  b2: Float64Array;
  gamma2: Float64Array;
  beta2: Float64Array;
  w3: Float64Array;
  b3: Float64Array;
}
export type ParameterName = keyof ReferenceParameters;
export const PARAMETERS: readonly ParameterName[] = ['w1', 'b1', 'gamma1', 'beta1', 'w2', 'b2', 'gamma2', 'beta2', 'w3', 'b3'];

export interface ReferenceStatistics {
  mean1: Float64Array;
  variance1: Float64Array;
  mean2: Float64Array;
  variance2: Float64Array;
}

export interface Batch {
  /** [B][D] */
  readonly x: readonly Float64Array[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  /** [B][K]: under squares; left out under cross-entropy of `labels`. */
  readonly targets?: readonly (readonly number[])[];
}

/** x·W + b */
function linear(x: Float64Array, w: Float64Array, b: Float64Array): Float64Array {
  const out = Float64Array.from(b);
  for (let i = 0; i < x.length; i++) for (let j = 0; j < out.length; j++) out[j]! += x[i]! * w[i * out.length + j]!;
  return out;
}

interface Normalised {
  readonly out: Float64Array[];
  readonly normal: Float64Array[];
  readonly inverse: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

function batchNorm(a: readonly Float64Array[], gamma: Float64Array, beta: Float64Array): Normalised {
  const units = gamma.length;
  const mean = new Float64Array(units);
  const variance = new Float64Array(units);
  for (let j = 0; j < units; j++) {
    for (const row of a) mean[j]! += row[j]! / a.length;
    for (const row of a) variance[j]! += (row[j]! - mean[j]!) ** 2 / a.length;
  }
  const inverse = variance.map((v) => 1 / Math.sqrt(v + 1e-5));
  const normal = a.map((row) => row.map((value, j) => (value - mean[j]!) * inverse[j]!));
  const out = normal.map((row) => row.map((value, j) => value * gamma[j]! + beta[j]!));
  return { out, normal, inverse, mean, variance };
}

function forward(p: ReferenceParameters, { x, labels, weights, targets }: Batch) {
  const relu = (row: Float64Array) => row.map((value) => Math.max(0, value));
  const a1 = x.map((row) => relu(linear(row, p.w1, p.b1)));
  const n1 = batchNorm(a1, p.gamma1, p.beta1);
  const a2 = n1.out.map((row) => relu(linear(row, p.w2, p.b2)));
  const n2 = batchNorm(a2, p.gamma2, p.beta2);
  const all = weights.reduce((sum, w) => sum + w, 0);
  const outputs = n2.out.map((row) => linear(row, p.w3, p.b3));
  if (targets !== undefined) {
    const errors = outputs.map((row, b) => row.map((value, k) => value - targets[b]![k]!));
    const loss = errors.reduce((sum, row, b) => sum + (weights[b]! / all) * row.reduce((s, error) => s + error ** 2, 0), 0);
    const dOutputs = errors.map((row, b) => row.map((error) => (2 * error * weights[b]!) / all));
    return { a1, n1, a2, n2, loss, dOutputs };
  }
  const probabilities = outputs.map((logits) => {
    const most = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - most), 0);
    return logits.map((z) => Math.exp(z - most) / total);
  });
  const loss = probabilities.reduce((sum, q, b) => sum - (weights[b]! / all) * Math.log(q[labels[b]!]!), 0);
  const dOutputs = probabilities.map((q, b) => q.map((value, c) => ((value - (c === labels[b] ? 1 : 0)) * weights[b]!) / all));
  return { a1, n1, a2, n2, loss, dOutputs };
}

export const referenceLoss = (p: ReferenceParameters, batch: Batch): number => forward(p, batch).loss;

/** Gradients by the chain rule, and what the running statistics see. */
export function referenceGradients(p: ReferenceParameters, batch: Batch) {
  const { x } = batch;
  const { a1, n1, a2, n2, loss, dOutputs } = forward(p, batch);
  const gradients = Object.fromEntries(
    PARAMETERS.map((name) => [name, new Float64Array(p[name].length)]),
  ) as unknown as ReferenceParameters;
  const size = x.length;
  const back = (
    d: readonly Float64Array[],
    input: readonly Float64Array[],
    w: Float64Array,
    dw: Float64Array,
    db: Float64Array,
  ) => {
    const outputs = db.length;
    return d.map((row, b) => {
      const source = input[b]!;
      const out = new Float64Array(source.length);
      for (let i = 0; i < source.length; i++) {
        for (let j = 0; j < outputs; j++) {
          dw[i * outputs + j]! += source[i]! * row[j]!;
          out[i]! += w[i * outputs + j]! * row[j]!;
        }
      }
      for (let j = 0; j < outputs; j++) db[j]! += row[j]!;
      return out;
    });
  };
  const backNorm = (
    d: readonly Float64Array[],
    n: Normalised,
    gamma: Float64Array,
    dGamma: Float64Array,
    dBeta: Float64Array,
    a: readonly Float64Array[],
  ) => {
    for (const [b, row] of d.entries()) {
      for (let j = 0; j < row.length; j++) {
        dGamma[j]! += row[j]! * n.normal[b]![j]!;
        dBeta[j]! += row[j]!;
      }
    }
    return d.map((row, b) =>
      row.map((value, j) => {
        const dNormal = size * value - dBeta[j]! - n.normal[b]![j]! * dGamma[j]!;
        return a[b]![j]! > 0 ? (gamma[j]! * n.inverse[j]! * dNormal) / size : 0;
      }),
    );
  };
  const dY2 = back(dOutputs, n2.out, p.w3, gradients.w3, gradients.b3);
  const dZ2 = backNorm(dY2, n2, p.gamma2, gradients.gamma2, gradients.beta2, a2);
  const dY1 = back(dZ2, n1.out, p.w2, gradients.w2, gradients.b2);
  const dZ1 = backNorm(dY1, n1, p.gamma1, gradients.gamma1, gradients.beta1, a1);
  back(dZ1, x, p.w1, gradients.w1, gradients.b1);
  return { gradients, loss, n1, n2 };
}

/** One member's training state: Adam as published, PyTorch's running statistics. */
export class ReferenceTraining {
  readonly parameters: ReferenceParameters;
  readonly statistics: ReferenceStatistics;
  readonly #m: ReferenceParameters;
  readonly #v: ReferenceParameters;
  #t = 0;

  constructor(parameters: ReferenceParameters) {
    this.parameters = parameters;
    const zeros = () =>
      Object.fromEntries(
        PARAMETERS.map((name) => [name, new Float64Array(parameters[name].length)]),
      ) as unknown as ReferenceParameters;
    this.#m = zeros();
    this.#v = zeros();
    const [h1, h2] = [parameters.b1.length, parameters.b2.length];
    this.statistics = {
      mean1: new Float64Array(h1),
      variance1: new Float64Array(h1).fill(1),
      mean2: new Float64Array(h2),
      variance2: new Float64Array(h2).fill(1),
    };
  }

  /** One step; returns the loss before it. */
  step(batch: Batch, rate: number): number {
    const { gradients, loss, n1, n2 } = referenceGradients(this.parameters, batch);
    const size = batch.x.length;
    this.#t++;
    for (const name of PARAMETERS) {
      const [p, g, m, v] = [this.parameters[name], gradients[name], this.#m[name], this.#v[name]];
      for (let i = 0; i < p.length; i++) {
        m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
        v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
        const mHat = m[i]! / (1 - 0.9 ** this.#t);
        const vHat = v[i]! / (1 - 0.999 ** this.#t);
        p[i]! -= (rate * mHat) / (Math.sqrt(vHat) + 1e-8);
      }
    }
    const running = (values: Float64Array, seen: Float64Array, factor: number) => {
      for (let j = 0; j < values.length; j++) values[j] = 0.9 * values[j]! + 0.1 * factor * seen[j]!;
    };
    running(this.statistics.mean1, n1.mean, 1);
    running(this.statistics.variance1, n1.variance, size / (size - 1));
    running(this.statistics.mean2, n2.mean, 1);
    running(this.statistics.variance2, n2.variance, size / (size - 1));
    return loss;
  }
}
