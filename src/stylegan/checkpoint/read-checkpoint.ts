import { allowedGlobals } from './allowed-globals.ts';
import { isNpy } from './npy.ts';
import { readPickle } from './pickle.ts';
import { damaged, truncated, unsupported } from './refusal.ts';
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
  if (file.length < 16) throw file.length === 0 ? unsupported('The file is empty.', 'Download it again.') : truncated();
  const resolve = allowedGlobals({ nestedStorage });
  if (startsWith(file, [0x50, 0x4b, 3, 4])) return readTorchZip(file, resolve);
  if (startsWith(file, STREAM_MAGIC)) return readTorchStream(file, resolve);
  if (isSafetensors(file)) return readSafetensors(file);
  if (file[0] === 0x80 && file[1]! >= 2 && file[1]! <= 5) return wholePickle(file, resolve);
  throw refusal(file);
}

/** A length that fits the file, then `{`. */
function isSafetensors(file: Uint8Array): boolean {
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
        throw damaged('a storage lies within a storage');
      },
    });
    const value = startsWith(bytes, [0x50, 0x4b, 3, 4]) ? readTorchZip(bytes, resolve) : readTorchStream(bytes, resolve);
    if (!(value instanceof TorchStorage)) throw damaged('a tensor has no storage');
    return value.read();
  });
}

/** What a file that is no checkpoint is most likely. */
function refusal(file: Uint8Array) {
  const text = Buffer.from(file.subarray(0, 300)).toString('latin1').trimStart();
  if (text.startsWith('<'))
    return unsupported(
      'The file is a web page, not a network: the download site answered with a message.',
      'Open the file in a browser to read it, then download again.',
    );
  if (text.startsWith('version https://git-lfs'))
    return unsupported('The file is a git-LFS pointer, not the network itself.', 'Fetch the content with: git lfs pull.');
  if (Buffer.from(file.subarray(257, 262)).toString('latin1') === 'ustar')
    return unsupported('The file was written by a PyTorch older than 0.1.10.', 'Save it again with a newer PyTorch.');
  if (isNpy(file)) return unsupported('The file is a numpy array, not a network.', 'Give it as --avg-latent beside the network.');
  if (startsWith(file, [0x1f, 0x8b]) || startsWith(file, [0x37, 0x7a, 0xbc, 0xaf]) || startsWith(file, [0x52, 0x61, 0x72, 0x21]))
    return unsupported('The file is a compressed archive.', 'Unpack it and import the .pkl or .pt file inside.');
  return unsupported(
    'The file is no StyleGAN checkpoint: its first bytes fit none.',
    'Give a .pkl, .pt, .pth or .safetensors file of a StyleGAN.',
  );
}
