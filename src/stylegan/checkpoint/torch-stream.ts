import { ByteReader } from './byte-reader.ts';
import { ITEM_SIZE } from './element-type.ts';
import { readPickle } from './pickle.ts';
import type { PickleGlobal } from './pickle-objects.ts';
import { damaged, unsupported } from './refusal.ts';
import { TORCH_STORAGE_TYPES } from './torch-storage-types.ts';
import { TorchStorage } from './torch-tensor.ts';

type Resolve = (module: string, name: string) => PickleGlobal;

/** How every legacy stream begins: a pickle of the number 0x1950a86a20f9469cfc6c. */
export const STREAM_MAGIC = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** What a persistent id says of a storage. */
export interface StorageId {
  readonly type: NonNullable<ReturnType<(typeof TORCH_STORAGE_TYPES)['get']>>;
  readonly key: string;
  readonly count: number;
}

/**
 * Reads a stream of `torch.save` before PyTorch 1.6: the pickles magic, version 1001, system, object, keys; then per key the number of
 * elements (int64) and the elements, little-endian.
 * @throws DatasetGanError as readPickle, `checkpoint-unsupported` for what is not a dict of weights
 */
export function readTorchStream(bytes: Uint8Array, resolve: Resolve): unknown {
  const system = () => {
    throw damaged('its header refers to a global');
  };
  let { end } = readPickle(bytes, { resolve: system });
  const next = (options: Parameters<typeof readPickle>[1]) => {
    const { value, end: after } = readPickle(bytes, options, end);
    end = after;
    return value;
  };
  if (next({ resolve: system }) !== 1001) throw damaged('its version is unknown');
  const machine = next({ resolve: system });
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw unsupported('The file was written on a big-endian machine.', 'Save it again on an ordinary PC.');
  const data = new Map<string, { id: StorageId; bytes: Uint8Array }>();
  const ids = new Map<string, StorageId>();
  const storages = new Map<string, TorchStorage>();
  const value = next({
    resolve,
    persistentLoad: (id) => {
      const storage = storageId(id);
      const known = ids.get(storage.key);
      if (known !== undefined && (known.type !== storage.type || known.count !== storage.count))
        throw damaged(`the storage '${storage.key}' is described twice`);
      ids.set(storage.key, storage);
      const made =
        storages.get(storage.key) ??
        new TorchStorage(() => {
          const found = data.get(storage.key);
          if (found === undefined) throw damaged(`the storage '${storage.key}' has no data`);
          return { type: storage.type, bytes: found.bytes };
        });
      storages.set(storage.key, made);
      return made;
    },
  });
  const keys = next({ resolve: system });
  if (!Array.isArray(keys)) throw damaged('it has no list of storages');
  const input = new ByteReader(bytes, end);
  for (const key of keys as unknown[]) {
    const id = typeof key === 'string' ? ids.get(key) : undefined;
    if (id === undefined || data.has(id.key)) throw damaged('its list of storages does not match its content');
    if (input.u64() !== id.count) throw damaged(`the size of storage '${id.key}' differs from the size in its tensors`);
    data.set(id.key, { id, bytes: input.take(id.count * ITEM_SIZE[id.type]) });
  }
  if (input.left > 0) throw damaged(`${input.left} bytes follow its end`);
  return value;
}

/** ('storage', class, key, location, number of elements[, view]) */
export function storageId(id: unknown): StorageId {
  if (!Array.isArray(id)) throw damaged('a reference to data is malformed');
  const [kind, storageClass, key, , count, view] = id as unknown[];
  if (kind === 'module')
    throw unsupported(
      'The file contains a complete Python object, not the weights of a network.',
      'In Python, save only the weights: torch.save({"g_ema": g_ema.state_dict()}, "weights.pt").',
    );
  const name =
    typeof storageClass === 'object' && storageClass !== null && 'name' in storageClass ? String(storageClass.name) : '';
  const type = TORCH_STORAGE_TYPES.get(name);
  if (
    kind !== 'storage' ||
    type === undefined ||
    typeof key !== 'string' ||
    !Number.isSafeInteger(count) ||
    (count as number) < 0
  )
    throw damaged('a reference to data is malformed');
  if (view !== undefined && view !== null)
    throw unsupported('The file was written by a PyTorch older than 0.4.', 'Save it again with a newer PyTorch.');
  return { type, key, count: count as number };
}
