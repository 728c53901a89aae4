import { crc32 } from 'node:zlib';
import type { ArchiveWriter } from './archive-writer.ts';
import { utf8 } from './export-target.ts';
import { openSpool, type Spool } from './spool.ts';

/** Where a field of 16 or 32 bits says that its value is among those of 64 bits. */
const LARGE_16 = 0xffff;
const LARGE_32 = 0xffffffff;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** The first day that the format knows: 1980-01-01. */
const DATE = 0x21;
/** Versions of the format: 2.0, and 4.5, which has 64-bit values. */
const PLAIN = 20;
const ZIP64 = 45;
/** Made by a Unix; a plain file that its owner may write and all may read. */
const UNIX = 3 << 8;
const MODE = 0o100644 * 0x10000;

/**
 * Files in a zip, stored as they are (pictures are compressed already), without times and owners: equal content gives equal bytes. Written in one
 * pass; the directory of an archive of any length waits in a temporary file. ZIP64 where a size, an offset or the number of files asks for it
 * (PKWARE APPNOTE 6.3.10).
 */
export class ZipWriter implements ArchiveWriter {
  readonly #append: (bytes: Uint8Array) => Promise<void>;
  #directory: Spool | undefined;
  #offset = 0;
  #files = 0;

  /** @param append takes the archive's bytes, in order; it is waited for */
  constructor(append: (bytes: Uint8Array) => Promise<void>) {
    this.#append = append;
  }

  async add(name: string, content: Uint8Array | Spool): Promise<void> {
    const isWhole = content instanceof Uint8Array;
    const size = isWhole ? content.byteLength : content.size;
    const checksum = isWhole ? crc32(content) : content.crc32;
    this.#directory ??= await openSpool();
    const file = { name: utf8(name), size, checksum, offset: this.#offset };
    const header = localHeader(file);
    if (isWhole) await this.#write(Buffer.concat([header, content]));
    else {
      await this.#write(header);
      for await (const chunk of content.read()) await this.#write(chunk);
    }
    this.#files++;
    await this.#directory.append(directoryEntry(file));
  }

  async finish(): Promise<void> {
    const start = this.#offset;
    if (this.#directory !== undefined) {
      await this.#directory.close();
      for await (const chunk of this.#directory.read()) await this.#write(chunk);
    }
    await this.#write(archiveEnd(this.#files, start, this.#offset - start));
    await this.discard();
  }

  async discard(): Promise<void> {
    await this.#directory?.remove();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.byteLength;
    await this.#append(bytes);
  }
}

interface ZippedFile {
  readonly name: Uint8Array;
  readonly size: number;
  readonly checksum: number;
  /** Of its local header. */
  readonly offset: number;
}

/** Section 4.3.7. */
function localHeader({ name, size, checksum }: ZippedFile): Buffer {
  // Both sizes, compressed and not, are the same.
  const extra = zip64Extra(size >= LARGE_32 ? [size, size] : []);
  const header = fields(0x04034b50, [[2, extra.length === 0 ? PLAIN : ZIP64], ...common({ name, size, checksum }, extra.length)]);
  return Buffer.concat([header, name, extra]);
}

/** Section 4.3.12. */
function directoryEntry({ name, size, checksum, offset }: ZippedFile): Buffer {
  const extra = zip64Extra([...(size >= LARGE_32 ? [size, size] : []), ...(offset >= LARGE_32 ? [offset] : [])]);
  const entry = fields(0x02014b50, [
    [2, UNIX | ZIP64],
    [2, extra.length === 0 ? PLAIN : ZIP64],
    ...common({ name, size, checksum }, extra.length),
    // Comment, disk, text or binary.
    [2, 0],
    [2, 0],
    [2, 0],
    [4, MODE],
    [4, Math.min(offset, LARGE_32)],
  ]);
  return Buffer.concat([entry, name, extra]);
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

/** What the local header and the directory's entry have in common, from the flags to the lengths of name and extra field. */
function common({ name, size, checksum }: Omit<ZippedFile, 'offset'>, extra: number): Field[] {
  const shown = Math.min(size, LARGE_32);
  return [
    [2, FLAGS],
    // Stored; at midnight.
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, checksum],
    [4, shown],
    [4, shown],
    [2, name.byteLength],
    [2, extra],
  ];
}

/** Section 4.5.3: the values that do not fit into 32 bits. */
function zip64Extra(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  return fields(undefined, [[2, 1], [2, 8 * values.length], ...values.map((value) => [8, value] as const)]);
}

/** Sections 4.3.14 to 4.3.16: the end of the directory, after the ones of ZIP64 where they are needed. */
function archiveEnd(files: number, start: number, length: number): Buffer {
  const end = fields(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, Math.min(files, LARGE_16)],
    [2, Math.min(files, LARGE_16)],
    [4, Math.min(length, LARGE_32)],
    [4, Math.min(start, LARGE_32)],
    [2, 0],
  ]);
  if (files < LARGE_16 && length < LARGE_32 && start < LARGE_32) return end;
  const end64 = fields(0x06064b50, [
    // Bytes that follow in this record.
    [8, 44],
    [2, UNIX | ZIP64],
    [2, ZIP64],
    [4, 0],
    [4, 0],
    [8, files],
    [8, files],
    [8, length],
    [8, start],
  ]);
  const locator = fields(0x07064b50, [
    [4, 0],
    [8, start + length],
    [4, 1],
  ]);
  return Buffer.concat([end64, locator, end]);
}

/** A record's signature, if it has one, and its little-endian fields. */
function fields(signature: number | undefined, values: readonly Field[]): Buffer {
  const all: readonly Field[] = signature === undefined ? values : [[4, signature], ...values];
  const record = Buffer.alloc(all.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of all) {
    if (bytes === 8) record.writeBigUInt64LE(BigInt(value), at);
    else record.writeUIntLE(value, at, bytes);
    at += bytes;
  }
  return record;
}
