import { damaged } from '../checkpoint/refusal.ts';
import type { FloatTensor } from '../tensor-map.ts';
import { notesOf, type Remade } from './remade.ts';

/** Takes tensors out of a file's network one by one, so that what nobody took, and what had to be made again, is known at the end. */
export class TensorSource {
  readonly #left: Map<string, FloatTensor>;
  readonly #remade = new Set<Remade>();

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
    if (tensor.dims.length !== rank) throw damaged(`'${name}' is [${tensor.dims}], but ${rank} axes were expected`);
    this.#left.delete(name);
    return tensor;
  }

  /** A tensor that the file may lack, since something else stands for it then. */
  takeOptional(name: string, rank: number): FloatTensor | undefined {
    return this.has(name) ? this.take(name, rank) : undefined;
  }

  /** What the file has of a buffer, or, where that is undefined, what is made in its place; the notes say so. */
  orMade<T>(kind: Remade, found: T | undefined, make: () => T): T {
    if (found !== undefined) return found;
    this.#remade.add(kind);
    return make();
  }

  /** Drops what has no weight of the network. */
  drop(pattern: RegExp): void {
    for (const name of this.#left.keys()) if (pattern.test(name)) this.#left.delete(name);
  }

  /** Names that nobody took. */
  get left(): string[] {
    return [...this.#left.keys()];
  }

  /** What the user should know of buffers that were made again. */
  get notes(): string[] {
    return notesOf(this.#remade);
  }
}
