import { pipeline, type Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { DatasetGanError } from '../../../errors.ts';
import { messageOf } from '../../../thrown.ts';
import type { EncodedPair } from '../../engine-tasks/encode-pair.ts';

export interface ShardPair extends EncodedPair {
  readonly seed: number;
}

/** Where the pairs of a shard are in the storage: named by what they are made from, so that datasets with the same plan share them. */
export function shardKey(planId: string, index: number): string {
  return `${shardPrefix(planId)}/${String(index).padStart(6, '0')}.tar`;
}

export const shardPrefix = (planId: string) => `shards/${planId}`;

/** The index in a shard's key. */
export const shardIndex = (key: string) => Number(/(\d+)\.tar$/.exec(key)?.[1]);

/**
 * An uncompressed tar (POSIX ustar) of `SEED.png` and `SEED.mask.png` of each pair in the given order. No times and no owners: equal pairs give
 * equal bytes.
 */
export async function packShard(pairs: readonly ShardPair[]): Promise<Uint8Array> {
  const tar = pack();
  for (const { seed, image, mask } of pairs) {
    tar.entry(
      { name: `${seed}.png`, mode: 0o644, mtime: new Date(0) },
      Buffer.from(image.buffer, image.byteOffset, image.length),
    );
    tar.entry(
      { name: `${seed}.mask.png`, mode: 0o644, mtime: new Date(0) },
      Buffer.from(mask.buffer, mask.byteOffset, mask.length),
    );
  }
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>));
}

/**
 * The pairs of a shard that are wanted, in its order; the others are ignored.
 * @throws DatasetGanError `corrupt-file` when the stream is not such a tar, `storage-down` when it ends too early
 */
export async function* readShard(stream: Readable, wanted: (seed: number) => boolean): AsyncGenerator<ShardPair> {
  const tar = extract();
  let broken: Error | undefined;
  stream.once('error', (error) => {
    if (!tar.destroying) broken = error;
  });
  // What goes wrong comes out of the loop below.
  pipeline(stream, tar, () => undefined);
  let open: { readonly seed: number; readonly image: Uint8Array } | undefined;
  try {
    for await (const entry of tar) {
      const [, digits, kind] = /^(\d+)(\.mask)?\.png$/.exec(entry.header.name) ?? [];
      const seed = Number(digits);
      if (digits === undefined || !wanted(seed)) {
        entry.resume();
        continue;
      }
      const bytes = new Uint8Array(Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>)));
      if (kind === undefined) open = { seed, image: bytes };
      else if (open?.seed === seed) yield { ...open, mask: bytes };
      else throw new Error(`it has the mask of seed ${seed} without its picture`);
    }
  } catch (cause) {
    if (cause instanceof DatasetGanError) throw cause;
    if (broken !== undefined)
      throw new DatasetGanError('storage-down', `The storage failed in the middle of a shard: ${broken.message}`, { cause });
    throw new DatasetGanError('corrupt-file', `A shard cannot be read: ${messageOf(cause)}`, { cause });
  } finally {
    stream.destroy();
  }
}
