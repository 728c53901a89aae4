import { allowedGlobals } from './allowed-globals.ts';
import { notACheckpoint } from './not-a-checkpoint.ts';
import { readPickle } from './pickle.ts';
import { damaged } from './refusal.ts';
import { readSafetensors } from './safetensors.ts';
import { readTorchStream, STREAM_MAGIC } from './torch-stream.ts';
import { TorchStorage } from './torch-tensor.ts';
import { readTorchZip } from './torch-zip.ts';

const startsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

/**
 * Reads a checkpoint file of any supported container, told from its first bytes: torch zip, torch stream, pickle, safetensors. Its tensors
 * stay views into `file` until they are gathered. Nothing in the file is ever run.
 * @throws DatasetGanError `checkpoint-truncated`, `checkpoint-damaged`, `checkpoint-unsupported`, `checkpoint-hostile`
 */
export function readCheckpoint(file: Uint8Array): unknown {
  const resolve = allowedGlobals({ nestedStorage });
  if (startsWith(file, [0x50, 0x4b, 3, 4])) return readTorchZip(file, resolve);
  if (startsWith(file, STREAM_MAGIC)) return readTorchStream(file, resolve);
  if (isSafetensors(file)) return readSafetensors(file);
  if (file[0] === 0x80 && file[1]! >= 2 && file[1]! <= 5) return wholePickle(file, resolve);
  throw notACheckpoint(file);
}

/** A length that fits the file, then `{`. */
function isSafetensors(file: Uint8Array): boolean {
  if (file.length < 9) return false;
  const length = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  return length <= file.length - 8 && file[8] === 0x7b;
}

function wholePickle(file: Uint8Array, resolve: ReturnType<typeof allowedGlobals>): unknown {
  const { value, end } = readPickle(file, { resolve });
  if (end !== file.length) throw damaged(`${file.length - end} bytes follow its end`);
  return value;
}

/** A tensor's data inside a pickle: a torch stream that holds one storage. It is read when the tensor is. */
function nestedStorage(bytes: Uint8Array): TorchStorage {
  return new TorchStorage(() => {
    const resolve = allowedGlobals({
      nestedStorage: () => {
        throw damaged('a storage is inside a storage');
      },
    });
    const value = startsWith(bytes, [0x50, 0x4b, 3, 4]) ? readTorchZip(bytes, resolve) : readTorchStream(bytes, resolve);
    if (!(value instanceof TorchStorage)) throw damaged('a tensor has no storage');
    return value.read();
  });
}
