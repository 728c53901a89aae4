import { damaged } from './refusal.ts';

/** What a global of a pickle stands for here. Nothing of the file is ever called: these are the product's own functions. */
export interface PickleGlobal {
  readonly name: string;
  /** Result of REDUCE with these arguments. */
  readonly call?: (args: readonly unknown[]) => unknown;
  /** Result of NEWOBJ without arguments. */
  readonly make?: () => unknown;
}

/** An object that takes its state from BUILD. */
export interface Buildable {
  build(state: unknown): void;
}

function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === 'object' && value !== null && 'name' in value && ('call' in value || 'make' in value);
}

/** Result of REDUCE. @throws DatasetGanError `checkpoint-damaged`, and what the global throws */
export function call(global: unknown, args: unknown): unknown {
  if (!isGlobal(global) || global.call === undefined || !Array.isArray(args))
    throw damaged('it calls something that cannot be called');
  return global.call(args);
}

/** Result of NEWOBJ. @throws DatasetGanError `checkpoint-damaged`, and what the global throws */
export function make(global: unknown, args: unknown): unknown {
  if (!isGlobal(global) || global.make === undefined || !Array.isArray(args) || args.length > 0)
    throw damaged('it creates an object of something that is not a class, or with arguments');
  return global.make();
}

/** BUILD: gives an object its state. @throws DatasetGanError `checkpoint-damaged`, and what the object throws */
export function build(target: unknown, state: unknown): void {
  // The attributes of a dict that is an OrderedDict: metadata that no weight depends on.
  if (target instanceof Map) return;
  if (typeof target !== 'object' || target === null || !('build' in target) || typeof target.build !== 'function')
    throw damaged('it sets the state of something that has none');
  (target as Buildable).build(state);
}
