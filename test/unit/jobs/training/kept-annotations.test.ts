import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { summariseAnnotation } from '../../../../src/interpreter/versions/version-id.ts';
import { DataFolder } from '../../../../src/jobs/product/data-folder.ts';
import { keepAnnotation, keptAnnotation } from '../../../../src/jobs/training/kept-annotations.ts';
import { drawn } from '../../masks/shapes.ts';

const root = mkdtempSync(join(tmpdir(), 'datasetgan-kept-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = new DataFolder(root);

test('a label map comes back as it was kept, unknown pixels included; a damaged or missing one does not', async () => {
  const map = drawn('1..2', '??.2');
  const { sha256 } = summariseAnnotation(map, 3);
  expect(await keptAnnotation(folder, sha256, 3)).toBeUndefined();
  await keepAnnotation(folder, sha256, map);
  const kept = await keptAnnotation(folder, sha256, 3);
  expect([kept?.width, kept?.height, [...kept!.data]]).toEqual([4, 2, [...map.data]]);

  // The map of another annotation under this name.
  rmSync(folder.annotation(sha256));
  await keepAnnotation(folder, sha256, drawn('1111', '1111'));
  expect(await keptAnnotation(folder, sha256, 3)).toBeUndefined();
  truncateSync(folder.annotation(sha256), 20);
  expect(await keptAnnotation(folder, sha256, 3)).toBeUndefined();
  writeFileSync(folder.annotation(sha256), 'no picture');
  expect(await keptAnnotation(folder, sha256, 3)).toBeUndefined();
});
