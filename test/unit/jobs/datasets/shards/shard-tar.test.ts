import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { packShard, readShard, shardIndex, shardKey } from '../../../../../src/jobs/datasets/shards/shard-tar.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const PAIRS = [
  { seed: 1_000_000, image: bytes('first picture'), mask: bytes('m1') },
  { seed: 1_000_001, image: bytes('2'), mask: new Uint8Array(512) },
];

/** A ustar header as POSIX.1-1988 has it: name, mode, uid, gid, size, mtime, checksum, type, magic. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('000644 \0', 100);
  block.write('000000 \0', 108);
  block.write('000000 \0', 116);
  block.write(`${size.toString(8).padStart(11, '0')} `, 124);
  block.write('00000000000 ', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write('000000 \0', 329);
  block.write('000000 \0', 337);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')} \0`, 148);
  return block;
}

const padded = (content: Uint8Array) => Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);

test('a shard is an uncompressed tar of picture and mask by seed, without times or owners', async () => {
  const expected = Buffer.concat([
    header('1000000.png', 13),
    padded(bytes('first picture')),
    header('1000000.mask.png', 2),
    padded(bytes('m1')),
    header('1000001.png', 1),
    padded(bytes('2')),
    header('1000001.mask.png', 512),
    Buffer.alloc(512),
    Buffer.alloc(1024),
  ]);
  expect(Buffer.from(await packShard(PAIRS)).equals(expected)).toBe(true);
});

test('reads back what is wanted, however the stream is cut', async () => {
  const tar = await packShard(PAIRS);
  const cut = (size: number) =>
    Readable.from(Array.from({ length: Math.ceil(tar.length / size) }, (_, i) => tar.slice(i * size, (i + 1) * size)));
  for (const size of [100, 512, 5000]) {
    expect(await Array.fromAsync(readShard(cut(size), () => true))).toEqual(PAIRS);
    expect(await Array.fromAsync(readShard(cut(size), (seed) => seed === 1_000_001))).toEqual([PAIRS[1]]);
  }
});

test('a stream that ends early or is no tar is refused, and closed', async () => {
  const tar = await packShard(PAIRS);
  for (const broken of [tar.slice(0, 700), bytes('no tar at all'.repeat(100))]) {
    const stream = Readable.from([broken]);
    await expect(Array.fromAsync(readShard(stream, () => true))).rejects.toMatchObject({ code: 'corrupt-file' });
    expect(stream.destroyed).toBe(true);
  }
});

test('a stream that breaks off is no damaged shard', async () => {
  const tar = await packShard(PAIRS);
  const stream = Readable.from(
    (async function* () {
      yield tar.slice(0, 700);
      throw new Error('socket hang up');
    })(),
  );
  await expect(Array.fromAsync(readShard(stream, () => true))).rejects.toMatchObject({ code: 'storage-down' });
});

test('whoever stops reading closes the stream', async () => {
  const stream = Readable.from([await packShard(PAIRS)]);
  for await (const pair of readShard(stream, () => true)) if (pair.seed === 1_000_000) break;
  expect(stream.destroyed).toBe(true);
});

test('a key names plan and index, in the order of the index', () => {
  expect(shardKey('0123456789abcdef', 7)).toBe('shards/0123456789abcdef/000007.tar');
  expect(shardIndex(shardKey('p', 22_000))).toBe(22_000);
});
