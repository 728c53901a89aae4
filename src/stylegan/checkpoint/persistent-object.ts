import { damaged } from './refusal.ts';

/** An object of NVIDIA's PyTorch code, as `_reconstruct_persistent_obj(meta)` would make it. Its source text is never run. */
export class PersistentObject {
  readonly #meta: Map<unknown, unknown>;

  constructor([meta]: readonly unknown[]) {
    if (!(meta instanceof Map)) throw damaged('a network has no description');
    this.#meta = meta;
  }

  get version(): unknown {
    return this.#meta.get('version');
  }

  get className(): string {
    const name = this.#meta.get('class_name');
    if (typeof name !== 'string') throw damaged('a network has no class name');
    return name;
  }

  /** The program that wrote it, as text. */
  get source(): string {
    const source = this.#meta.get('module_src');
    return typeof source === 'string' ? source : '';
  }

  /** An attribute of the object, or undefined. */
  attribute(name: string): unknown {
    return this.#state().get(name);
  }

  /** What the object holds under `_parameters`, `_buffers` or `_modules`; Python's None are left out. */
  *held(kind: '_parameters' | '_buffers' | '_modules'): Iterable<[string, unknown]> {
    const members = this.#state().get(kind);
    if (!(members instanceof Map)) return;
    for (const [name, value] of members) {
      if (typeof name !== 'string') throw damaged('a part of a network has no name');
      if (value !== null) yield [name, value];
    }
  }

  #state(): Map<unknown, unknown> {
    const state = this.#meta.get('state');
    if (!(state instanceof Map)) throw damaged('a network has no state');
    return state;
  }
}
