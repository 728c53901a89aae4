import type { DatasetGanError } from '../../errors.ts';
import { isNpy } from './npy.ts';
import { unsupported } from './refusal.ts';

const GIVE = 'Use a .pkl, .pt, .pth or .safetensors file of a StyleGAN.';
const UNPACK = 'Unpack it and import the .pkl or .pt file inside.';

/** Files that begin so, what they are, and what to do; bytes as latin-1 text. */
const BEGINNINGS: readonly (readonly [start: string, what: string, fix?: string])[] = [
  ['\x1f\x8b', 'a compressed archive', UNPACK],
  ['7z\xbc\xaf', 'a compressed archive', UNPACK],
  ['Rar!', 'a compressed archive', UNPACK],
  ['BZh', 'a compressed archive', UNPACK],
  ['\xfd7zXZ', 'a compressed archive', UNPACK],
  ['\x28\xb5\x2f\xfd', 'a compressed archive', UNPACK],
  ['\x89PNG', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  ['GIF8', 'a picture'],
  ['BM', 'a picture'],
  ['II*\0', 'a picture'],
  ['MM\0*', 'a picture'],
  ['%PDF', 'a PDF document'],
  ['\x89HDF', 'an HDF5 file, as Keras writes them'],
  ['GGUF', 'a GGUF file, as language models come in'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
  ['SQLite format 3', 'a database'],
];

/** What a file that is in none of the forms of checkpoints plainly is, in one sentence. */
export function notACheckpoint(file: Uint8Array): DatasetGanError {
  if (file.length === 0) return unsupported('The file is empty.', 'Download it again.');
  const start = Buffer.from(file.subarray(0, 4096)).toString('latin1');
  const written = textOf(file.subarray(0, 4096), file.length > 4096);
  // Two letters may also begin a text.
  const known = BEGINNINGS.find(([one]) => start.startsWith(one) && (one.length > 3 || written === undefined));
  if (known !== undefined) return unsupported(`The file is ${known[1]}, not a network.`, known[2] ?? GIVE);
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP')
    return unsupported('The file is a picture, not a network.', GIVE);
  if (isOnnx(file))
    return unsupported('The file is an ONNX model, not a checkpoint.', 'Use the checkpoint that it was exported from.');
  if (isNpy(file))
    return unsupported('The file is a numpy array, not a network.', 'Pass it as --avg-latent, in addition to the network.');
  if (start.slice(257, 262) === 'ustar') return tarArchive(start);
  if (file.every((byte) => byte === 0))
    return unsupported('The file contains only zeros: its download was not completed.', 'Download it again.');
  if (written !== undefined) return text(written.trimStart());
  return unsupported('The file is not a StyleGAN checkpoint: its first bytes match no known format.', GIVE);
}

/** The version of the format (field 1), then the name of a program, a graph or the operator sets (fields 2, 7, 8). */
function isOnnx([key, version, next]: Uint8Array): boolean {
  return key === 0x08 && version! >= 3 && version! <= 20 && [0x12, 0x3a, 0x42].includes(next!);
}

/** PyTorch's first format was a tar whose first file is `sys_info`. */
function tarArchive(start: string): DatasetGanError {
  return start.startsWith('sys_info\0')
    ? unsupported('The file was written by a PyTorch older than 0.1.10.', 'Save it again with a newer PyTorch.')
    : unsupported('The file is a tar archive, not a network.', UNPACK);
}

/** Which kind of text. */
function text(begin: string): DatasetGanError {
  if (begin.startsWith('version https://git-lfs'))
    return unsupported('The file is a git-LFS pointer, not the network itself.', 'Fetch the content with: git lfs pull.');
  if (/^<(?:!doctype html|html|head|body|script|!--)/i.test(begin))
    return unsupported(
      'The file is a web page, not a network: the download site returned a message.',
      'Open the file in a browser to read it, then download again.',
    );
  if (begin.startsWith('<')) return unsupported('The file is XML, not a network.', GIVE);
  if (/^[[{]/.test(begin)) return unsupported('The file is JSON, not a network.', GIVE);
  return unsupported('The file is plain text, not a network.', GIVE);
}

/** UTF-8 or UTF-16 without control characters; undefined for anything else. @param cut whether it may end within a character */
function textOf(bytes: Uint8Array, cut: boolean): string | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const content = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
    const isPlain = [...content.matchAll(/\p{Cc}/gu)].every(([character]) => '\t\n\v\f\r\x1b'.includes(character));
    return isPlain ? content : undefined;
  } catch {
    return undefined;
  }
}
