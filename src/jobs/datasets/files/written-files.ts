import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isError } from '../../../errors.ts';
import { CHECKSUMS } from '../../../export/targets/checked-target.ts';
import { folderOfFormat } from '../../../export/write-formats.ts';
import type { Dataset } from '../../../store/schema.ts';
import type { Product } from '../../product/product.ts';

/** What is seen of a dataset's files without reading them all: enough to tell later whether they are as they were written. */
export interface WrittenFiles {
  readonly files: number;
  /** By format. */
  readonly bytes: Readonly<Record<string, number>>;
  /** sha256 of the file of checksums of each format. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** In the storage where machines share one, else the dataset's folder. */
export const prefixOfFiles = ({ id }: Pick<Dataset, 'id'>) => `datasets/${id}`;

/** Where the files of a dataset are, in words. */
export function placeOfFiles({ storage }: Pick<Product, 'storage'>, dataset: Dataset): string {
  return storage.shared ? `${prefixOfFiles(dataset)} in ${storage.place}` : dataset.folder;
}

/** The files of a dataset that are there now; undefined when a format is not there, or not to its end. */
export async function writtenFiles(
  { storage }: Pick<Product, 'storage'>,
  dataset: Pick<Dataset, 'id' | 'folder'>,
  formats: readonly string[],
): Promise<WrittenFiles | undefined> {
  const prefix = prefixOfFiles(dataset);
  const open = async (path: string) =>
    storage.shared ? await storage.stream(`${prefix}/${path}`) : createReadStream(join(dataset.folder, path));
  try {
    const checksums: Record<string, string> = {};
    for (const format of formats) {
      const hash = createHash('sha256');
      for await (const bytes of await open(folderOfFormat(formats, format) + CHECKSUMS)) hash.update(bytes as Uint8Array);
      checksums[format] = hash.digest('hex');
    }
    const bytes = Object.fromEntries(formats.map((format) => [format, 0]));
    let files = 0;
    for await (const file of storage.shared ? inStorage(storage, prefix) : inFolder(dataset.folder)) {
      files++;
      const format = formats.find((name) => file.path.startsWith(folderOfFormat(formats, name)));
      if (format !== undefined) bytes[format]! += file.bytes;
    }
    return { files, bytes, checksums };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (isError(error, 'corrupt-file')) return undefined;
    throw error;
  }
}

interface WrittenFile {
  /** From the top of the dataset's files, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

async function* inStorage(storage: Product['storage'], prefix: string): AsyncGenerator<WrittenFile> {
  for await (const { key, bytes } of storage.list(prefix)) yield { path: key.slice(prefix.length + 1), bytes };
}

async function* inFolder(folder: string): AsyncGenerator<WrittenFile> {
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    yield { path: relative(folder, file).replaceAll('\\', '/'), bytes: (await stat(file)).size };
  }
}
