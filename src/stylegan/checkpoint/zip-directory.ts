import { inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { damaged, hostile, truncated } from './refusal.ts';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** Methods of an entry. */
const STORED = 0;
const DEFLATED = 8;
const UNREADABLE = -1;

/** What else than stored entries is read. */
interface ZipOptions {
  /** Deflated entries, too, as other programs write them. */
  readonly deflated?: boolean;
}

/**
 * The files of a zip archive whose entries are stored, as `torch.save` writes it (APPNOTE 6.3: central directory, ZIP64 where present; local
 * headers give only where the data begin). Compressed (unless asked for) or encrypted entries, names that lead elsewhere and entries that overlap are refused.
 * @param accept sees all names before any content is looked at, and throws for an archive of something else
 * @throws DatasetGanError `checkpoint-truncated`, `checkpoint-damaged`, `checkpoint-hostile`
 */
export function readZip(
  file: Uint8Array,
  accept: (names: readonly string[]) => void = () => {},
  { deflated = false }: ZipOptions = {},
): Map<string, Uint8Array> {
  const { start, entries } = findDirectory(file);
  const input = new ByteReader(file, start);
  const found = new Map<string, Uint8Array>();
  const spans: { from: number; to: number }[] = [];
  const all = Array.from({ length: entries }, () => readEntry(input));
  accept(all.map(({ name }) => name));
  for (const { name, size, packed, header, method } of all) {
    const inflate = deflated && method === DEFLATED;
    if (method !== STORED && !inflate)
      throw damaged(`'${name.slice(0, 100)}' is compressed or encrypted, which PyTorch never does`);
    if (found.has(name)) throw damaged(`the archive has two files '${name.slice(0, 100)}'`);
    const local = new ByteReader(file, header);
    if (local.u32() !== LOCAL) throw damaged('a file in the archive has no header');
    local.take(22);
    const skip = local.u16();
    local.take(local.u16() + skip);
    const bytes = local.take(packed);
    found.set(name, inflate ? inflated(bytes, name, size) : bytes);
    spans.push({ from: header, to: local.at });
  }
  spans.sort((a, b) => a.from - b.from);
  for (const [i, { to }] of spans.entries())
    if (to > (spans[i + 1]?.from ?? start)) throw hostile('Files in the archive overlap, as in a zip bomb.');
  return found;
}

function findDirectory(file: Uint8Array): { start: number; entries: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - 65_535); at--) {
    if (view.getUint32(at, true) !== END || at + 22 + view.getUint16(at + 20, true) !== file.length) continue;
    const end = new ByteReader(file, at + 10);
    let entries = end.u16();
    end.u32();
    let start = end.u32();
    if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR_64) {
      const locator = new ByteReader(file, at - 12);
      const large = new ByteReader(file, 0);
      large.take(locator.u64());
      if (large.u32() !== END_64) throw damaged('the end of the archive is malformed');
      large.take(28);
      entries = large.u64();
      large.u64();
      start = large.u64();
    }
    if (start > at || entries > 200_000) throw damaged('the directory of the archive is malformed');
    return { start, entries };
  }
  throw truncated();
}

function inflated(bytes: Uint8Array, name: string, size: number): Uint8Array {
  let content: Uint8Array;
  try {
    content = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw damaged(`'${name.slice(0, 100)}' cannot be unpacked`);
  }
  if (content.length !== size) throw damaged(`'${name.slice(0, 100)}' has another size than the archive says`);
  return content;
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly packed: number;
  readonly header: number;
  /** STORED, DEFLATED, or neither. */
  readonly method: number;
}

function readEntry(input: ByteReader): Entry {
  if (input.u32() !== ENTRY) throw damaged('the directory of the archive is malformed');
  input.take(4);
  const flags = input.u16();
  const method = input.u16();
  input.take(8);
  let packed = input.u32();
  let size = input.u32();
  const nameLength = input.u16();
  const extraLength = input.u16();
  const commentLength = input.u16();
  input.take(8);
  let header = input.u32();
  const name = Buffer.from(input.take(nameLength)).toString('utf8');
  if (/(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0/.test(name))
    throw hostile(`The archive tries to write outside itself: '${name.slice(0, 100)}'.`);
  const extra = new ByteReader(input.take(extraLength));
  input.take(commentLength);
  while (extra.left >= 4) {
    const kind = extra.u16();
    const field = new ByteReader(extra.take(extra.u16()));
    if (kind !== 1) continue;
    if (size === 0xffff_ffff) size = field.u64();
    if (packed === 0xffff_ffff) packed = field.u64();
    if (header === 0xffff_ffff) header = field.u64();
  }
  const readable = (flags & 1) === 0 && (method !== STORED || packed === size);
  return { name, size, packed, header, method: readable ? method : UNREADABLE };
}
