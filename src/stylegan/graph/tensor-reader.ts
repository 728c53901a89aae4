import { DatasetGanError } from '../../errors.ts';
import type { FloatTensor, TensorMap } from '../tensor-map.ts';

/** Takes tensors out of a network by name, checks their dims, and knows at the end which were never asked for. */
export class TensorReader {
  readonly #tensors: TensorMap;
  readonly #taken = new Set<string>();

  constructor(tensors: TensorMap) {
    this.#tensors = tensors;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** The tensor of that name; null in `dims` accepts any size. Throws `bad-generator` if it is missing, misshapen, or not finite. */
  take(name: string, dims: readonly (number | null)[]): FloatTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw badNetwork(`the tensor '${name}' is missing`);
    const fits = dims.length === tensor.dims.length && dims.every((size, i) => size === null || size === tensor.dims[i]);
    if (!fits) throw badNetwork(`'${name}' is [${tensor.dims}], expected [${dims.map((size) => size ?? '?')}]`);
    if (!tensor.data.every(Number.isFinite)) throw badNetwork(`'${name}' has a value that is not finite`);
    this.#taken.add(name);
    return tensor;
  }

  /** Throws `bad-generator` for tensors that nobody took: a network that has more than we know would not be computed as its authors meant. */
  finish(): void {
    const left = [...this.#tensors.keys()].filter((name) => !this.#taken.has(name));
    if (left.length === 0) return;
    const more = left.length > 5 ? ` and ${left.length - 5} more` : '';
    throw badNetwork(`these tensors are unknown: ${left.slice(0, 5).join(', ')}${more}`);
  }
}

export function badNetwork(problem: string): DatasetGanError {
  return new DatasetGanError('bad-generator', `This StyleGAN generator is not supported: ${problem}.`, {
    fix: 'Use an unmodified StyleGAN. Forks with other layers are not supported.',
  });
}
