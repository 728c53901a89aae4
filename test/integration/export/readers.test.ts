import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fittingFormats } from '../../../src/export/fitting-formats.ts';
import { FORMAT_NAMES } from '../../../src/export/format-names.ts';
import { splitOf } from '../../../src/export/split.ts';
import { folderTarget } from '../../../src/export/targets/folder-target.ts';
import { writeFormats } from '../../../src/export/write-formats.ts';
import { decodeIndexPng } from '../../../src/masks/png/png.ts';
import { portraitDataset, portraitPair, runHere } from '../../support/export-pairs.ts';
import { HOSTILE_LABELS, HOSTILE_TITLE, hostileDataset } from '../../support/hostile-text.ts';
import { has, READERS_PYTHON } from '../../support/needs.ts';
import { reportWith } from '../../support/text-writers.ts';

const COUNT = 9;
const dataset = portraitDataset(COUNT);
const FORMATS = fittingFormats(FORMAT_NAMES, dataset);
const SCRIPT = fileURLToPath(new URL('readers.py', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasetgan-readers-'));
  if (!has('readers')) return;
  for (const name of FORMATS) await writeFormats([name], dataset, await folderTarget(join(folder, name)), { run: runHere });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface CardFound {
  readonly pretty_name: string;
  readonly title: readonly string[];
  readonly card_labels: readonly string[];
  /** Of Markdown's tokens. */
  readonly kinds: readonly string[];
  /** In the format's own files. */
  readonly labels: readonly string[];
}

interface Found {
  readonly split: string;
  readonly width: number;
  readonly height: number;
  readonly image: string;
}

async function read<T>(reader: string, format: string): Promise<{ found: T; out: string }> {
  const out = join(folder, `read-${reader}-${format}`);
  await mkdir(out);
  const { stdout } = await promisify(execFile)(READERS_PYTHON, [SCRIPT, reader, join(folder, format), out], { maxBuffer: 1e8 });
  return { found: JSON.parse(stdout.trim().split('\n').at(-1)!) as T, out };
}

/** Reader, format. `datasets` reads three of them by the card's front matter, `example` as examples/train-segmenter.py does. */
const READS = [
  ['index-png', 'index-png'],
  ['palette-png', 'palette-png'],
  ['voc', 'voc'],
  ['coco', 'coco'],
  ['coco-panoptic', 'coco-panoptic'],
  ['yolo-seg', 'yolo-seg'],
  ['webdataset', 'webdataset'],
  ['datasets', 'webdataset'],
  ['datasets', 'imagefolder'],
  ['datasets', 'parquet'],
  ['example', 'index-png'],
] as const;

test.runIf(has('readers')).each(READS)('%s reads %s', async (reader, format) => {
  const { found, out } = await read<Record<string, Found>>(reader, format);
  expect(Object.keys(found).length).toBe(COUNT);
  for (let seed = 0; seed < COUNT; seed++) {
    const pair = await portraitPair(seed);
    const { split, width, height, image } = found[pair.name]!;
    expect(split).toBe(splitOf(pair.key, dataset.validation));
    if (format !== 'voc')
      expect(image).toBe(
        createHash('sha256')
          .update(await sharp(pair.image).raw().toBuffer())
          .digest('hex'),
      );
    const map = await decodeIndexPng(pair.mask);
    expect([width, height]).toEqual([map.width, map.height]);
    const mask = await readFile(join(out, `${pair.name}.bin`));
    const expected = format === 'coco' || format === 'yolo-seg' ? map.data.map((label) => (label === 255 ? 0 : label)) : map.data;
    expect(Buffer.compare(mask, expected)).toBe(0);
  }
});

test.runIf(has('readers'))('mlcroissant finds no error in the metadata of any format', async () => {
  const { found } = await read<Record<string, object>>('croissant', '.');
  expect(found).toEqual(Object.fromEntries(FORMATS.map((name) => [name, { name: dataset.title, errors: [] }])));
});

/** What no card of ours has. */
const FOREIGN = ['html_block', 'html_inline', 'link_open', 'image', 's_open', 'em_open', 'hr', 'code_block', 'fence'];

test.runIf(has('readers'))('hostile titles and labels are read as they are, in every text file of every format', async () => {
  const report = async () => reportWith(HOSTILE_TITLE, HOSTILE_LABELS);
  const hostile = hostileDataset(2, { report });
  for (const name of FORMATS)
    await writeFormats([name], hostile, await folderTarget(join(folder, 'hostile', name)), { run: runHere });
  const { found } = await read<Record<string, CardFound>>('text', 'hostile');
  expect(Object.keys(found).sort()).toEqual([...FORMATS].sort());
  const inMarkdown = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  for (const [name, { pretty_name, title, card_labels, kinds, labels }] of Object.entries(found)) {
    expect(pretty_name).toBe(HOSTILE_TITLE);
    expect(title).toEqual([inMarkdown(HOSTILE_TITLE)]);
    expect(card_labels.slice(1)).toEqual(HOSTILE_LABELS.map(inMarkdown));
    expect(kinds.filter((kind) => FOREIGN.includes(kind))).toEqual([]);
    const own = labels.filter((label) => label !== 'background');
    if (own.length > 0) expect(own, name).toEqual([...HOSTILE_LABELS].sort());
  }
  expect(Object.values(found).filter(({ labels }) => labels.length > 0).length).toBe(FORMATS.length - 3);
});

test.runIf(has('readers'))('sha256sum finds every file whole', async () => {
  const { stdout } = await promisify(execFile)('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: join(folder, 'coco') });
  expect(stdout).toBe('');
});
