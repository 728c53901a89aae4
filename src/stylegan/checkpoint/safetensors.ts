import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import type { FloatTensor } from '../tensor-map.ts';

const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const headerSchema = z.record(z.string(), z.unknown());

/**
 * Reads a safetensors file of float32 tensors: 8 bytes header length (little-endian), a JSON header
 * {name: {dtype, shape, data_offsets}}, then the data, which the tensors cover without gap or overlap.
 * @throws DatasetGanError `bad-generator` for anything else, before any data are touched
 */
export function readSafetensors(file: Uint8Array): Map<string, FloatTensor> {
  if (file.length < 8) throw bad('it is too short');
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > file.length - 8) throw bad(`its header would take ${length} of ${file.length - 8} bytes`);
  const data = file.subarray(8 + length);
  const entries = readHeader(file.subarray(8, 8 + length));
  let end = 0;
  for (const { name, shape, from, to } of entries.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw bad(`'${name}' begins at byte ${from}, expected ${end}`);
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    if (to - from !== bytes) throw bad(`'${name}' has ${to - from} bytes, expected ${bytes}`);
    end = to;
  }
  if (end !== data.length) throw bad(`its tensors take ${end} bytes, but it has ${data.length}`);
  return new Map(
    entries.map(({ name, shape, from, to }) => {
      // A typed-array view needs alignment that the file does not promise.
      const values = new Float32Array(Uint8Array.from(data.subarray(from, to)).buffer);
      return [name, { dims: shape, data: values }];
    }),
  );
}

function readHeader(bytes: Uint8Array) {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw bad('its header is not JSON', cause);
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw bad('its header is not a JSON object');
  const entries: { name: string; shape: number[]; from: number; to: number }[] = [];
  for (const [name, value] of Object.entries(header.data)) {
    if (name === '__metadata__') continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw bad(`the entry of '${name}' is malformed`);
    if (entry.data.dtype !== 'F32') throw bad(`'${name}' is ${entry.data.dtype}, but only F32 is supported`);
    const [from, to] = entry.data.data_offsets;
    entries.push({ name, shape: entry.data.shape, from, to });
  }
  return entries;
}

function bad(problem: string, cause?: unknown): DatasetGanError {
  return new DatasetGanError('bad-generator', `The safetensors file is damaged or not supported: ${problem}.`, {
    fix: 'Download or export the file again, with float32 tensors.',
    cause,
  });
}
