import { ITEM_SIZE } from './element-type.ts';
import { readPickle } from './pickle.ts';
import type { PickleGlobal } from './pickle-objects.ts';
import { damaged, unsupported } from './refusal.ts';
import { storageId } from './torch-stream.ts';
import { TorchStorage } from './torch-tensor.ts';
import { readZip } from './zip-directory.ts';

/**
 * Reads a file of `torch.save` since PyTorch 1.6: a zip with ROOT/data.pkl and, per storage, ROOT/data/KEY.
 * @throws DatasetGanError as readZip and readPickle, `checkpoint-unsupported` for what is not a dict of weights
 */
export function readTorchZip(file: Uint8Array, resolve: (module: string, name: string) => PickleGlobal): unknown {
  let name = '';
  const files = readZip(file, (all) => {
    name = contentOf(all);
  });
  const root = name.slice(0, -'data.pkl'.length);
  const order = files.get(`${root}byteorder`);
  if (order !== undefined && Buffer.from(order).toString('latin1').trim() !== 'little')
    throw unsupported('The file was written on a big-endian machine.', 'Save it again on an ordinary PC.');
  const storages = new Map<string, TorchStorage>();
  const pickle = files.get(name)!;
  const { value, end } = readPickle(pickle, {
    resolve,
    persistentLoad: (id) => {
      const { type, key, count } = storageId(id);
      const known = storages.get(key);
      if (known !== undefined) return known;
      const bytes = files.get(`${root}data/${key}`);
      if (bytes === undefined || bytes.length !== count * ITEM_SIZE[type])
        throw damaged(`the storage '${key.slice(0, 50)}' is missing or has another size`);
      const made = new TorchStorage(() => ({ type, bytes }));
      storages.set(key, made);
      return made;
    },
  });
  if (end !== pickle.length) throw damaged('bytes follow the end of data.pkl');
  return value;
}

/** The one file with the objects, of all files in the archive. */
function contentOf(all: readonly string[]): string {
  const [name, ...others] = all.filter((path) => path.endsWith('/data.pkl'));
  if (all.some((path) => path.endsWith('/constants.pkl')))
    throw unsupported(
      'The file is a TorchScript program, not a network’s weights.',
      'Use the checkpoint that the program was created from.',
    );
  if (name !== undefined && others.every((other) => other === name)) return name;
  throw unsupported('The file is a zip archive, but not one of PyTorch.', 'Unpack it and import the .pkl or .pt file inside.');
}
