import type { FloatTensor } from '../tensor-map.ts';
import { NumpyArray } from './numpy.ts';
import type { Buildable } from './pickle-objects.ts';
import { damaged } from './refusal.ts';
import { type Budget, gather } from './strided.ts';

/** Networks in networks: mapping and synthesis within a generator. */
const DEPTH = 4;

/** A `dnnlib.tflib.network.Network` of NVIDIA's TensorFlow code. Its source text is never run. */
export class TfNetwork implements Buildable {
  #state: ReadonlyMap<unknown, unknown> = new Map();

  build(state: unknown): void {
    if (!(state instanceof Map)) throw damaged('a network has no state');
    this.#state = state;
  }

  /** 3 StyleGAN1, 4 StyleGAN2, 5 StyleGAN2-ADA. */
  get version(): unknown {
    return this.#state.get('version');
  }

  /** Name of the function that built it, such as `G_synthesis_stylegan2`. */
  get builder(): string {
    const name = this.#state.get('build_func_name');
    return typeof name === 'string' ? name : '';
  }

  get source(): string {
    const source = this.#state.get('build_module_src');
    return typeof source === 'string' ? source : '';
  }

  /** An argument that it was built with, or undefined where its default was meant. */
  argument(name: string): unknown {
    const args = this.#state.get('static_kwargs');
    return args instanceof Map ? args.get(name) : undefined;
  }

  component(name: string): TfNetwork | undefined {
    const components = this.#state.get('components');
    const found: unknown = components instanceof Map ? components.get(name) : undefined;
    return found instanceof TfNetwork ? found : undefined;
  }

  /** All variables by their full names, such as `synthesis/8x8/Conv1/weight`, copied out of the file. */
  variables(budget: Budget): Map<string, FloatTensor> {
    const found = new Map<string, FloatTensor>();
    this.#collect('', found, budget, DEPTH);
    return found;
  }

  #collect(prefix: string, found: Map<string, FloatTensor>, budget: Budget, depth: number): void {
    const variables = this.#state.get('variables') ?? [];
    if (!Array.isArray(variables)) throw damaged('the variables of a network are not a list');
    for (const entry of variables as unknown[]) {
      const [name, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof name !== 'string') throw damaged('a variable has no name');
      if (typeof value === 'number') found.set(prefix + name, { dims: [], data: Float32Array.of(value) });
      else if (value instanceof NumpyArray) found.set(prefix + name, gather(value.array, budget));
      else throw damaged(`the variable '${prefix}${name}' is not an array`);
    }
    const components = this.#state.get('components');
    if (!(components instanceof Map)) return;
    for (const [name, network] of components) {
      if (typeof name !== 'string' || !(network instanceof TfNetwork) || depth === 0)
        throw damaged('a part of a network is malformed');
      network.#collect(`${prefix}${name}/`, found, budget, depth - 1);
    }
  }
}
