import { damaged } from '../checkpoint/refusal.ts';
import type { FloatTensor } from '../tensor-map.ts';

/** Takes tensors out of a file's network one by one, so that what nobody took is known at the end. */
export class TensorSource {
  readonly #left: Map<string, FloatTensor>;

  constructor(tensors: ReadonlyMap<string, FloatTensor>) {
    this.#left = new Map(tensors);
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** @throws DatasetGanError `checkpoint-damaged` if it is missing or has another rank than `rank` */
  take(name: string, rank: number): FloatTensor {
    const tensor = this.#left.get(name);
    if (tensor === undefined) throw damaged(`the tensor '${name}' is missing`);
    if (tensor.dims.length !== rank) throw damaged(`'${name}' is [${tensor.dims}]; ${rank} axes were expected`);
    this.#left.delete(name);
    return tensor;
  }

  /** Drops what has no weight of the network. */
  drop(pattern: RegExp): void {
    for (const name of this.#left.keys()) if (pattern.test(name)) this.#left.delete(name);
  }

  /** Names that nobody took. */
  get left(): string[] {
    return [...this.#left.keys()];
  }
}
