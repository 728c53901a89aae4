import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolders } from '../../make-folders.ts';
import type { PixelOrder } from './pixel-sampling.ts';

const MAGIC = 0x31464744;
const SUFFIX = '.features';
const HEADER = 20;
/** More rows than any picture has pixels in use: a damaged header must not make us allocate. */
const MOST_ROWS = 1 << 20;

interface Contents extends PixelOrder {
  /** CRC-32 of each row. */
  readonly checks: Uint32Array;
  readonly take: (position: number, bytes: number) => Promise<Buffer>;
}

/**
 * Sampled features on disk, one file per picture: a header of four uint32 (magic, rows, d, regions) and a checksum, the rows' pixels,
 * a CRC-32 per row, the rows. A reader takes the first rows only and checks those, so a picture sampled once serves every smaller budget.
 * It is a cache: whatever is wrong with a file, it is as if it were not there.
 */
export class FeatureCache {
  readonly #folder: string;
  readonly #limit: number;

  /** limit: bytes that `trim` leaves in the folder. */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** A picture's pixels, as many as were sampled; undefined when it is not there. */
  order(key: string, dims: number): Promise<PixelOrder | undefined> {
    return this.#read(key, dims, async ({ pixels, regions }) => ({ pixels, regions }));
  }

  /** The features [rows, d] of a picture's first `rows` pixels; undefined when they are not all there. */
  features(key: string, dims: number, rows: number): Promise<Float32Array | undefined> {
    return this.#read(key, dims, async ({ pixels, checks, take }) => {
      if (rows > pixels.length) return undefined;
      const bytes = await take(HEADER + 8 * pixels.length, 4 * dims * rows);
      for (let row = 0; row < rows; row++)
        if (crc32(bytes.subarray(4 * dims * row, 4 * dims * (row + 1))) !== checks[row]) return undefined;
      const now = new Date();
      await utimes(this.#path(key), now, now);
      return new Float32Array(bytes.buffer, bytes.byteOffset, dims * rows);
    });
  }

  async #read<T>(key: string, dims: number, use: (contents: Contents) => Promise<T | undefined>): Promise<T | undefined> {
    const handle = await open(this.#path(key), 'r').catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const take = async (position: number, bytes: number): Promise<Buffer> => {
        // Not from the pool: the features are viewed in place, which wants an aligned start.
        const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafeSlow(bytes), position, length: bytes });
        if (bytesRead !== bytes) throw new RangeError('truncated');
        return buffer;
      };
      const head = await take(0, HEADER);
      const words = new Uint32Array(head.buffer);
      const [magic, width, check] = [words[0], words[2], words[4]];
      const rows = words[1]!;
      const regions = words[3]!;
      if (magic !== MAGIC || width !== dims || rows > MOST_ROWS) return undefined;
      const table = await take(HEADER, 8 * rows);
      if (crc32(table, crc32(head.subarray(0, 16))) !== check) return undefined;
      return await use({
        pixels: new Int32Array(table.buffer, 0, rows),
        checks: new Uint32Array(table.buffer, 4 * rows, rows),
        regions,
        take,
      });
    } catch {
      return undefined;
    } finally {
      await handle.close();
    }
  }

  /** Keeps a picture's samples; a full or read-only disk only costs the cache. */
  async write(key: string, { pixels, regions }: PixelOrder, features: Float32Array): Promise<void> {
    const rows = pixels.length;
    const dims = features.length / rows;
    const bytes = Buffer.from(features.buffer, features.byteOffset, features.byteLength);
    const table = Buffer.alloc(8 * rows);
    for (let row = 0; row < rows; row++) {
      table.writeInt32LE(pixels[row]!, 4 * row);
      table.writeUInt32LE(crc32(bytes.subarray(4 * dims * row, 4 * dims * (row + 1))), 4 * (rows + row));
    }
    const head = Buffer.alloc(20);
    for (const [i, value] of [MAGIC, rows, dims, regions].entries()) head.writeUInt32LE(value, 4 * i);
    head.writeUInt32LE(crc32(table, crc32(head.subarray(0, 16))), 16);
    const temporary = join(this.#folder, `${key}.${randomUUID()}.tmp`);
    try {
      await makeFolders(this.#folder);
      await writeFile(temporary, [head, table, bytes]);
      await rename(temporary, this.#path(key));
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Deletes the files used longest ago until the rest fits the limit, and what an interrupted write has left. */
  async trim(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const hourAgo = Date.now() - 3_600_000;
    const files: { path: string; size: number; used: number }[] = [];
    for (const name of names) {
      const path = join(this.#folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info === undefined) continue;
      if (name.endsWith('.tmp') && info.mtimeMs < hourAgo) await rm(path, { force: true });
      else if (name.endsWith(SUFFIX)) files.push({ path, size: info.size, used: info.mtimeMs });
    }
    files.sort((a, b) => b.used - a.used);
    let total = 0;
    for (const { path, size } of files) {
      total += size;
      if (total > this.#limit) await rm(path, { force: true });
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}${SUFFIX}`);
  }
}
