import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTensorFile, writeTensorFile } from '../../../../src/interpreter/learning/tensor-file.ts';
import { readSafetensors } from '../../../../src/stylegan/checkpoint/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'tensor-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'sub', 'v.safetensors');

const tensors = new Map([
  ['w', { dims: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) }],
  ['b', { dims: [1], data: Float32Array.of(-1e30) }],
]);

test('what is written is read back, by a reader of safetensors too', async () => {
  const sha256 = await writeTensorFile(file, tensors, { id: 'dg-1', steps: 3 });
  expect(await readTensorFile(file)).toEqual({ sha256, metadata: { id: 'dg-1', steps: 3 }, tensors });
  expect(readSafetensors(readFileSync(file))).toEqual(tensors);
  expect(readdirSync(join(folder, 'sub'))).toEqual(['v.safetensors']);
});

test('a truncated or altered file is corrupt, wherever it was touched', async () => {
  await writeTensorFile(file, tensors, null);
  const bytes = readFileSync(file);
  const damaged = join(folder, 'damaged');
  for (const length of [0, 5, 40, bytes.length - 1]) {
    writeFileSync(damaged, bytes.subarray(0, length));
    await expect(readTensorFile(damaged), `${length} bytes`).rejects.toMatchObject({ code: 'corrupt-file' });
  }
  for (const at of [0, 3, 20, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at]! ^= 0x40;
    writeFileSync(damaged, altered);
    await expect(readTensorFile(damaged), `byte ${at}`).rejects.toMatchObject({ code: 'corrupt-file' });
  }
  await expect(readTensorFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
