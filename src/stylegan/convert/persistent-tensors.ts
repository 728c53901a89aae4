import { PersistentObject } from '../checkpoint/persistent-object.ts';
import { damaged, excessive } from '../checkpoint/refusal.ts';
import { type Budget, gather } from '../checkpoint/strided.ts';
import { TorchTensor } from '../checkpoint/torch-tensor.ts';
import type { FloatTensor } from '../tensor-map.ts';

/** Modules in modules; a generator of 1024 px has about 80, three deep. */
const MODULES = 2000;
const DEPTH = 8;

/** A module of the network with its path, such as `synthesis.b8.conv0`; the network itself has ''. */
export interface NamedModule {
  readonly path: string;
  readonly module: PersistentObject;
}

/** The network and all modules in it. */
export function modulesOf(network: PersistentObject): NamedModule[] {
  const found: NamedModule[] = [];
  const visit = (path: string, module: PersistentObject, depth: number) => {
    if (depth > DEPTH || found.length >= MODULES) throw excessive('its modules contain each other in a cycle');
    found.push({ path, module });
    for (const [name, child] of module.held('_modules')) {
      if (!(child instanceof PersistentObject)) throw damaged(`the part '${name}' of the network is malformed`);
      visit(path === '' ? name : `${path}.${name}`, child, depth + 1);
    }
  };
  visit('', network, 0);
  return found;
}

/** All parameters and buffers by their full names, copied out of the file. */
export function tensorsOf(modules: readonly NamedModule[], budget: Budget): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  for (const { path, module } of modules)
    for (const kind of ['_parameters', '_buffers'] as const)
      for (const [name, tensor] of module.held(kind)) {
        if (!(tensor instanceof TorchTensor)) throw damaged(`'${path}.${name}' is not a tensor`);
        tensors.set(path === '' ? name : `${path}.${name}`, gather(tensor.array(), budget));
      }
  return tensors;
}
