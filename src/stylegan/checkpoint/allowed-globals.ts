import { NumpyArray, NumpyDtype, numpyScalar } from './numpy.ts';
import { Opaque } from './opaque.ts';
import { PersistentObject } from './persistent-object.ts';
import type { PickleGlobal } from './pickle-objects.ts';
import { damaged, hostile, unsupported } from './refusal.ts';
import { TfNetwork } from './tf-network.ts';
import { TORCH_STORAGE_TYPES } from './torch-storage-types.ts';
import { type TorchStorage, TorchTensor } from './torch-tensor.ts';

/** Modules and functions by which a pickle runs code of its author's choice. */
const RUNS_CODE =
  /^(?:(?:os|posix|nt|subprocess|pty|runpy|webbrowser|socket|shutil|sys|ctypes|importlib|code|commands|platform|timeit|pdb|asyncio|multiprocessing|marshal|types|operator|pickle|cloudpickle)(?:\..+)?|(?:builtins|__builtin__)\.(?:eval|exec|execfile|compile|getattr|setattr|delattr|open|input|__import__|globals|vars|apply|breakpoint))$/;

export interface GlobalReaders {
  /** The storage in the bytes of a `torch.storage._load_from_bytes`, lazily. */
  readonly nestedStorage: (bytes: Uint8Array) => TorchStorage;
}

/** The globals that checkpoints of StyleGANs need, and what each stands for; nothing else is accepted. */
export function allowedGlobals({ nestedStorage }: GlobalReaders): (module: string, name: string) => PickleGlobal {
  const allowed = new Map<string, PickleGlobal>();
  const allow = (names: readonly string[], does: Omit<PickleGlobal, 'name'>) => {
    for (const name of names) allowed.set(name, { name, ...does });
  };
  const both = (path: string) => [`numpy.core.${path}`, `numpy._core.${path}`];
  const builtin = (name: string) => [`builtins.${name}`, `__builtin__.${name}`];

  allow(['collections.OrderedDict'], { call: asMap, make: () => new Map() });
  allow(['dnnlib.util.EasyDict'], { call: asMap, make: () => new Map() });
  allow([...builtin('set'), ...builtin('frozenset')], { call: ([items]) => new Set(Array.isArray(items) ? items : []) });
  allow([...builtin('bytes'), ...builtin('bytearray')], {
    call: ([bytes]) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(0)),
  });
  allow(['_codecs.encode'], { call: latin1 });

  allow(both('multiarray.scalar'), { call: numpyScalar });
  allow(both('multiarray._reconstruct'), { call: () => new NumpyArray() });
  allow(both('numeric._frombuffer'), { call: (args) => NumpyArray.fromBuffer(args) });
  allow(['numpy.dtype'], { call: (args) => new NumpyDtype(args) });
  allow(['numpy.ndarray', ...TORCH_STORAGE_TYPES.keys()], {});

  allow(['torch._utils._rebuild_tensor_v2'], { call: (args) => new TorchTensor(args) });
  allow(['torch._utils._rebuild_parameter', 'torch._utils._rebuild_parameter_with_state'], { call: parameter });
  allow(['torch.storage._load_from_bytes'], {
    call: ([bytes]) => {
      if (!(bytes instanceof Uint8Array)) throw damaged('a tensor has no data');
      return nestedStorage(bytes);
    },
  });
  allow(['torch_utils.persistence._reconstruct_persistent_obj'], { call: (args) => new PersistentObject(args) });
  allow(['dnnlib.tflib.network.Network'], { make: () => new TfNetwork() });
  for (const name of ['argparse.Namespace', 'torch.device', 'torch.Size'])
    allow([name], { call: () => new Opaque(name), make: () => new Opaque(name) });

  return (module, name) => {
    const full = `${module}.${name}`;
    const found = allowed.get(full);
    if (found !== undefined) return found;
    throw refusal(full);
  };
}

function refusal(full: string) {
  const shown = full.slice(0, 100);
  if (RUNS_CODE.test(full)) return hostile(`This file tries to run code: it refers to ${shown}.`);
  if (/^torch\.(?:nn|optim|jit|fx|package)\b/.test(full))
    return unsupported(
      `The file contains a complete Python object (${shown}), not the weights of a network.`,
      'In Python, save only the weights: torch.save({"g_ema": g_ema.state_dict()}, "weights.pt").',
    );
  return unsupported(
    `The file needs ${shown}, which is not part of any supported StyleGAN.`,
    'Use an unmodified StyleGAN, or save only its weights as a state dict.',
  );
}

function asMap([entries]: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) {
    if (!Array.isArray(entry) || entry.length !== 2) throw damaged('a dict is malformed');
    map.set(entry[0], entry[1]);
  }
  return map;
}

/** `codecs.encode(text, 'latin1')`: bytes, as protocol 2 writes them. */
function latin1([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1') throw damaged('bytes have an unknown encoding');
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function parameter([tensor]: readonly unknown[]): TorchTensor {
  if (!(tensor instanceof TorchTensor)) throw damaged('a parameter is not a tensor');
  return tensor;
}
