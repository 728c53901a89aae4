import type { FloatTensor } from '../../../src/stylegan/tensor-map.ts';
import { PersistentId, PyGlobal, PyObject, Tuple, writePickle } from './pickle-writer.ts';
import { writeZip, type ZipFile } from './zip-writer.ts';

const bytesOf = ({ data }: FloatTensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const MAGIC = 0x1950a86a20f9469cfc6cn;

export const ORDERED_DICT = new PyGlobal('collections', 'OrderedDict');

/** A tensor as `_rebuild_tensor_v2` over a storage with that id. */
function tensorObject(tensor: FloatTensor, storage: unknown): PyObject {
  const { dims } = tensor;
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
  const args = new Tuple(storage, 0, new Tuple(...dims), new Tuple(...strides), false, new PyObject(ORDERED_DICT, new Tuple()));
  return new PyObject(new PyGlobal('torch._utils', '_rebuild_tensor_v2'), args);
}

/** Replaces every tensor in Maps by its pickled form, and lists the storages in order. */
class Storages {
  readonly list: { readonly key: string; readonly tensor: FloatTensor }[] = [];

  convert(value: unknown): unknown {
    if (isTensor(value)) {
      const key = String(this.list.length);
      this.list.push({ key, tensor: value });
      const id = ['storage', new PyGlobal('torch', 'FloatStorage'), key, 'cpu', value.data.length];
      return tensorObject(value, new PersistentId(new Tuple(...id, ...this.more)));
    }
    if (value instanceof Map) return new Map([...value].map(([name, item]) => [name, this.convert(item)]));
    return value;
  }

  /** What follows the five parts of an id. */
  readonly more: readonly unknown[];

  constructor(more: readonly unknown[]) {
    this.more = more;
  }
}

function isTensor(value: unknown): value is FloatTensor {
  return typeof value === 'object' && value !== null && 'data' in value && value.data instanceof Float32Array;
}

/** torch.save since 1.6. `content` holds Maps, tensors, and what the pickle writer takes. */
export function writeTorchZip(content: unknown, more: readonly ZipFile[] = [], root = 'archive'): Uint8Array {
  const storages = new Storages([]);
  const pickle = writePickle(storages.convert(content), 2);
  return writeZip([
    { name: `${root}/data.pkl`, bytes: pickle },
    { name: `${root}/byteorder`, bytes: Buffer.from('little') },
    ...storages.list.map(({ key, tensor }) => ({ name: `${root}/data/${key}`, bytes: bytesOf(tensor) })),
    { name: `${root}/version`, bytes: Buffer.from('3\n') },
    ...more,
  ]);
}

/** torch.save before 1.6. */
export function writeTorchStream(content: unknown): Uint8Array {
  const storages = new Storages([null]);
  return stream(storages.convert(content), storages);
}

function stream(content: unknown, { list }: Storages): Uint8Array {
  const system = new Map<string, unknown>([
    ['protocol_version', 1001],
    ['little_endian', true],
    [
      'type_sizes',
      new Map([
        ['short', 2],
        ['int', 4],
        ['long', 4],
      ]),
    ],
  ]);
  const pickles = [MAGIC, 1001, system, content, list.map(({ key }) => key)].map((value) => writePickle(value, 2));
  const data = list.flatMap(({ tensor }) => {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(tensor.data.length));
    return [count, bytesOf(tensor)];
  });
  return Buffer.concat([...pickles, ...data]);
}

/** A tensor of a plain pickle: its storage is a stream of its own inside `_load_from_bytes`. */
export function nestedTensor(tensor: FloatTensor): PyObject {
  const id = new PersistentId(new Tuple('storage', new PyGlobal('torch', 'FloatStorage'), '94', 'cpu', tensor.data.length, null));
  const storages = new Storages([null]);
  storages.list.push({ key: '94', tensor });
  const storage = new PyObject(new PyGlobal('torch.storage', '_load_from_bytes'), new Tuple(stream(id, storages)));
  return tensorObject(tensor, storage);
}
