import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fittingFormats } from '../../../src/export/fitting-formats.ts';
import { FORMAT_NAMES } from '../../../src/export/format-names.ts';
import { splitOf } from '../../../src/export/split.ts';
import { archiveTarget } from '../../../src/export/targets/archive-target.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { portraitDataset, portraitPair, runHere } from '../../support/export-pairs.ts';
import { READERS } from '../../support/export-readers.ts';

const COUNT = 7;
const dataset = portraitDataset(COUNT);
const FORMATS = fittingFormats(FORMAT_NAMES, dataset);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-formats-'));
  for (const name of FORMATS) await writeFormats([name], dataset, await folderTarget(join(folder, name)), { run: runHere });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Formats in which ignored pixels look like background. */
const IGNORED_IS_BACKGROUND = new Set(['coco', 'yolo-seg', 'label-studio']);

test.each(FORMATS)('%s: a reader of its rules finds every pair', async (name) => {
  const pairs = await READERS[name]!(join(folder, name));
  expect(pairs.size).toBe(COUNT);
  for (let seed = 0; seed < COUNT; seed++) {
    const written = await portraitPair(seed);
    const read = pairs.get(written.name)!;
    if (read.split !== null) expect(read.split).toBe(splitOf(written.key, dataset.validation));
    if (read.facts !== undefined) expect(read.facts).toEqual(written.facts);
    if (name === 'voc') expect(await meanDifference(read.image, written.image)).toBeLessThan(2);
    else expect(Buffer.from(read.image).equals(written.image)).toBe(true);
    const map = await decodeIndexPng(written.mask);
    const expected = IGNORED_IS_BACKGROUND.has(name) ? map.data.map((label) => (label === 255 ? 0 : label)) : map.data;
    expect(Buffer.compare(read.map.data, expected)).toBe(0);
  }
});

test.each(FORMATS)('%s: an archive holds the same bytes as the folder', async (name) => {
  const chunks: Uint8Array[] = [];
  const target = archiveTarget('tar', async (bytes) => void chunks.push(bytes));
  await writeFormats([name], dataset, target, { run: runHere });
  const tar = extract();
  tar.end(Buffer.concat(chunks));
  const paths: string[] = [];
  for await (const entry of tar) {
    const bytes = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>));
    // The order in which files were finished differs.
    if (entry.header.name !== 'SHA256SUMS')
      expect(bytes.equals(await readFile(join(folder, name, entry.header.name)))).toBe(true);
    paths.push(entry.header.name);
  }
  expect(paths.at(-1)).toBe('SHA256SUMS');
  const files = (await readdir(join(folder, name), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(paths.length).toBe(files.length);
});

async function meanDifference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, two] = await Promise.all([a, b].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  return one!.reduce((sum, value, i) => sum + Math.abs(value - two![i]!), 0) / one!.length;
}
