import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DatasetGanError } from '../../errors.ts';
import { messageOf } from '../../thrown.ts';
import { writeFileWhole } from '../../write-whole.ts';

export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface TensorFile {
  /** sha256 over the tensors' bytes in order, hex. */
  readonly sha256: string;
  /** Plain JSON. */
  readonly metadata: unknown;
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

const WHEN_FULL = 'Free some space in DATA_DIR. The next attempt continues from what is stored.';

const asBytes = (data: Float32Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

export function tensorHash(tensors: ReadonlyMap<string, FloatTensor>): string {
  const hash = createHash('sha256');
  for (const { data } of tensors.values()) hash.update(asBytes(data));
  return hash.digest('hex');
}

/**
 * Writes float32 tensors as a safetensors file (8 bytes header length, JSON header, little-endian data), so that any tool can open it; our
 * metadata and the data's sha256 are in its `__metadata__`. All of it is there, or nothing. It outlives a power cut: the database names it, or hours of
 * training are in it.
 * @returns the sha256
 * @throws DatasetGanError `disk-full`
 */
export async function writeTensorFile(
  file: string,
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata: unknown,
): Promise<string> {
  const sha256 = tensorHash(tensors);
  const header: Record<string, unknown> = { __metadata__: { sha256, metadata: JSON.stringify(metadata) } };
  let offset = 0;
  for (const [name, { dims, data }] of tensors) {
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // Tensors begin at a multiple of 8, as the format recommends.
  const text = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const bytes = [length, text, ...[...tensors.values()].map(({ data }) => asBytes(data))];
  await writeFileWhole(file, bytes, { outlives: 'power-cut', whenFull: WHEN_FULL });
  return sha256;
}

/** @throws DatasetGanError `corrupt-file` when the file is truncated, altered, or not ours; the system's error when it cannot be read. */
export async function readTensorFile(file: string): Promise<TensorFile> {
  const buffer = await readFile(file);
  try {
    const end = 8 + Number(buffer.readBigUInt64LE(0));
    const header = JSON.parse(buffer.toString('utf8', 8, end)) as Record<string, unknown>;
    const { sha256, metadata } = header.__metadata__ as { sha256: string; metadata: string };
    const tensors = new Map<string, FloatTensor>();
    for (const [name, value] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const { shape, data_offsets: offsets } = value as { shape: number[]; data_offsets: [number, number] };
      const bytes = buffer.subarray(end + offsets[0], end + offsets[1]);
      if (bytes.length !== 4 * shape.reduce((product, size) => product * size, 1)) throw new RangeError(`'${name}' is truncated`);
      const data = new Float32Array(bytes.length / 4);
      asBytes(data).set(bytes);
      tensors.set(name, { dims: shape, data });
    }
    if (tensorHash(tensors) !== sha256) throw new RangeError('the checksum does not match');
    return { sha256, metadata: JSON.parse(metadata), tensors };
  } catch (cause) {
    throw new DatasetGanError('corrupt-file', `The file ${file} is damaged: ${messageOf(cause)}.`, {
      fix: 'Delete it and train again, or activate another version.',
      cause,
    });
  }
}
