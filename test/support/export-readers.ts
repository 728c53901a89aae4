import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { extract } from 'tar-stream';
import type { Split } from '../../src/export/split.ts';
import { allMaskLabels } from '../../src/label-studio/label-config/all-mask-labels.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { decodeIndexPng } from '../../src/masks/png/png.ts';
import { decodeCocoRle } from './coco-rle.ts';
import { filledPolygon } from './filled-polygon.ts';
import { labelMapOfResult } from './label-map-of-result.ts';

/** A pair as a reader of a format finds it. */
export interface ReadPair {
  readonly split: Split | null;
  readonly image: Uint8Array;
  readonly map: LabelMap;
  readonly facts?: Readonly<Record<string, unknown>>;
}

type Reader = (folder: string) => Promise<Map<string, ReadPair>>;

const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
const json = async <T>(file: string) => JSON.parse(await readFile(file, 'utf8')) as T;
const SPLITS = ['train', 'val'] as const;

/** A picture, whatever its ending. */
async function readAny(path: string): Promise<Uint8Array> {
  const ending = ['png', 'jpg', 'webp'].find((one) => existsSync(`${path}.${one}`));
  return readFile(`${path}.${ending}`);
}

async function readPictures(folder: string, maskOf: (png: Uint8Array) => Promise<LabelMap>): Promise<Map<string, ReadPair>> {
  const pairs = new Map<string, ReadPair>();
  const facts = new Map(
    (await lines(join(folder, 'pairs.jsonl'))).map((line) => {
      const { name, split: _, ...rest } = JSON.parse(line) as { name: string; split: string };
      return [name, rest as Record<string, unknown>];
    }),
  );
  for (const split of SPLITS)
    for (const name of await lines(join(folder, `${split}.txt`)))
      pairs.set(name, {
        split,
        image: await readAny(join(folder, `images/${name}`)),
        map: await maskOf(await readFile(join(folder, `masks/${name}.png`))),
        facts: facts.get(name)!,
      });
  return pairs;
}

/** Palette indices of a PNG, by looking each pixel's colour up in its PLTE (which must have no colour twice). */
async function paletteIndices(png: Uint8Array): Promise<LabelMap> {
  const bytes = Buffer.from(png);
  const at = bytes.indexOf('PLTE');
  const indexOf = new Map<string, number>();
  for (let i = 255; i >= 0; i--) indexOf.set(String([...bytes.subarray(at + 4 + 3 * i, at + 7 + 3 * i)]), i);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const map = new Uint8Array(info.width * info.height);
  for (let i = 0; i < map.length; i++) map[i] = indexOf.get(String([...data.subarray(3 * i, 3 * i + 3)]))!;
  return { width: info.width, height: info.height, data: map };
}

interface CocoJson {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly category_id: number;
    readonly area: number;
    readonly bbox: readonly number[];
    readonly segmentation: { readonly size: readonly number[]; readonly counts: string };
    readonly file_name: string;
    readonly segments_info: readonly {
      readonly id: number;
      readonly category_id: number;
      readonly area: number;
      readonly bbox: readonly number[];
    }[];
  }[];
  readonly categories: readonly { readonly id: number; readonly name: string; readonly isthing?: number }[];
}

function requireBox(mask: Uint8Array, width: number, [x, y, w, h]: readonly number[], area: number): void {
  let [left, top, right, bottom, pixels] = [width, mask.length, -1, -1, 0];
  for (const [i, set] of mask.entries()) {
    if (set === 0) continue;
    pixels++;
    left = Math.min(left, i % width);
    right = Math.max(right, i % width);
    top = Math.min(top, Math.floor(i / width));
    bottom = Math.max(bottom, Math.floor(i / width));
  }
  if (pixels !== area || x !== left || y !== top || w !== right - left + 1 || h !== bottom - top + 1)
    throw new Error(`box or area is wrong: ${[x, y, w, h, area]}`);
}

const coco: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  const seen = new Set<number>();
  for (const split of SPLITS) {
    const { images, annotations } = await json<CocoJson>(join(folder, `annotations/instances_${split}.json`));
    for (const { id, file_name, width, height } of images) {
      if (seen.has(id)) throw new Error(`image ${id} twice`);
      seen.add(id);
      const data = new Uint8Array(width * height);
      for (const { image_id, category_id, segmentation, bbox, area } of annotations) {
        if (image_id !== id) continue;
        const mask = decodeCocoRle(segmentation.counts, width, height);
        requireBox(mask, width, bbox, area);
        for (const [i, set] of mask.entries()) if (set === 1) data[i] = category_id;
      }
      pairs.set(file_name.replace(/\.\w+$/, ''), {
        split,
        image: await readFile(join(folder, split, file_name)),
        map: { width, height, data },
      });
    }
  }
  return pairs;
};

const panoptic: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  for (const split of SPLITS) {
    const { images, annotations, categories } = await json<CocoJson>(join(folder, `annotations/panoptic_${split}.json`));
    const background = categories.find(({ isthing }) => isthing === 0)!.id;
    for (const { image_id, file_name, segments_info } of annotations) {
      const image = images.find(({ id }) => id === image_id)!;
      const png = await readFile(join(folder, `annotations/panoptic_${split}`, file_name));
      const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const segments = Uint32Array.from(
        { length: info.width * info.height },
        (_, i) => data[3 * i]! + 256 * data[3 * i + 1]! + 65536 * data[3 * i + 2]!,
      );
      const categoryOf = new Map(segments_info.map(({ id, category_id }) => [id, category_id]));
      for (const { id, bbox, area } of segments_info)
        requireBox(
          Uint8Array.from(segments, (segment) => (segment === id ? 1 : 0)),
          info.width,
          bbox,
          area,
        );
      const map = Uint8Array.from(segments, (segment) => {
        if (segment === 0) return 255;
        const category = categoryOf.get(segment)!;
        return category === background ? 0 : category;
      });
      pairs.set(file_name.replace(/\.png$/, ''), {
        split,
        image: await readFile(join(folder, split, image.file_name)),
        map: { width: info.width, height: info.height, data: map },
      });
    }
  }
  return pairs;
};

const voc: Reader = async (folder) => {
  const root = join(folder, 'VOCdevkit/VOC2012');
  const pairs = new Map<string, ReadPair>();
  const labels = await labelMapNames(folder);
  const parser = new XMLParser({ isArray: (name) => name === 'object', trimValues: false, htmlEntities: true });
  for (const split of SPLITS)
    for (const name of await lines(join(root, `ImageSets/Segmentation/${split}.txt`))) {
      const map = await paletteIndices(await readFile(join(root, `SegmentationClass/${name}.png`)));
      const objects = await paletteIndices(await readFile(join(root, `SegmentationObject/${name}.png`)));
      const xml = parser.parse(await readFile(join(root, `Annotations/${name}.xml`), 'utf8')) as {
        annotation: { object?: { name: string; bndbox: { xmin: number; ymin: number; xmax: number; ymax: number } }[] };
      };
      for (const [i, { name: written, bndbox }] of (xml.annotation.object ?? []).entries()) {
        const label = percentDecoded(String(written));
        const mask = Uint8Array.from(objects.data, (object) => (object === i + 1 ? 1 : 0));
        const { xmin, ymin, xmax, ymax } = bndbox;
        requireBox(
          mask,
          map.width,
          [xmin - 1, ymin - 1, xmax - xmin + 1, ymax - ymin + 1],
          mask.reduce((sum, set) => sum + set, 0),
        );
        for (const [pixel, set] of mask.entries())
          if (set === 1 && labels[map.data[pixel]!] !== label) throw new Error(`object ${i + 1} of ${name} is no ${label}`);
      }
      for (const [pixel, object] of objects.data.entries())
        if ((object > 0 && object < 255) !== (map.data[pixel]! > 0 && map.data[pixel]! < 255))
          throw new Error(`${name}: object without class`);
      pairs.set(name, { split, image: await readFile(join(root, `JPEGImages/${name}.jpg`)), map });
    }
  return pairs;
};

const yolo: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  for (const split of SPLITS) {
    if (!existsSync(join(folder, `images/${split}`))) continue;
    for (const file of await readdir(join(folder, `images/${split}`))) {
      const image = await readFile(join(folder, `images/${split}`, file));
      const { width, height } = await sharp(image).metadata();
      const rows = (await lines(join(folder, `labels/${split}`, file.replace(/\.\w+$/, '.txt')))).map((line) =>
        line.split(' ').map(Number),
      );
      const data = new Uint8Array(width * height);
      for (const [label, ...values] of rows) {
        if (values.length < 6 || values.some((value) => !(value >= 0 && value <= 1))) throw new Error(`${file}: bad row`);
        const ring = Array.from(
          { length: values.length / 2 },
          (_, i) => [values[2 * i]! * width, values[2 * i + 1]! * height] as const,
        );
        for (const [pixel, set] of filledPolygon(ring, width, height).entries()) if (set === 1) data[pixel] = label! + 1;
      }
      pairs.set(file.replace(/\.\w+$/, ''), { split, image, map: { width, height, data } });
    }
  }
  return pairs;
};

const webDataset: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.tar'))) {
    const samples = new Map<string, Map<string, Uint8Array>>();
    const tar = extract();
    tar.end(await readFile(join(folder, file)));
    for await (const entry of tar) {
      const [, key, extension] = /^([^.]+)\.(.+)$/.exec(entry.header.name)!;
      const sample = samples.get(key!) ?? new Map<string, Uint8Array>();
      samples.set(key!, sample.set(extension!, Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>))));
    }
    for (const [name, sample] of samples)
      pairs.set(name, {
        split: file.startsWith('val') ? 'val' : 'train',
        image: sample.get('png') ?? sample.get('jpg')!,
        map: await decodeIndexPng(sample.get('mask.png')!),
        facts: withoutName(JSON.parse(new TextDecoder().decode(sample.get('json')!)) as Record<string, unknown>),
      });
  }
  return pairs;
};

function withoutName({ name: _, ...facts }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return facts;
}

const imageFolder: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  for (const split of SPLITS) {
    const root = join(folder, split === 'val' ? 'validation' : 'train');
    if (!existsSync(root)) continue;
    for (const line of await lines(join(root, 'metadata.jsonl'))) {
      const { file_name, mask_file_name, name, ...facts } = JSON.parse(line) as Record<string, string>;
      const map = await decodeIndexPng(await readFile(join(root, mask_file_name!)));
      pairs.set(name!, { split, image: await readFile(join(root, file_name!)), map, facts });
    }
  }
  return pairs;
};

const parquet: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  for (const name of await readdir(join(folder, 'data'))) {
    const file = await asyncBufferFromFile(join(folder, 'data', name));
    for (const row of await parquetReadObjects({ file, utf8: false })) {
      const {
        image,
        mask,
        name: pair,
        ...facts
      } = row as { image: { bytes: Uint8Array }; mask: { bytes: Uint8Array }; name: string };
      const plain = Object.fromEntries(
        Object.entries(facts).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
      );
      pairs.set(pair, {
        split: name.startsWith('val') ? 'val' : 'train',
        image: image.bytes,
        map: await decodeIndexPng(mask.bytes),
        facts: plain,
      });
    }
  }
  return pairs;
};

const labelStudio: Reader = async (folder) => {
  const pairs = new Map<string, ReadPair>();
  const config = allMaskLabels(await readFile(join(folder, 'config.xml'), 'utf8'));
  for (const file of (await readdir(folder)).filter((name) => name.startsWith('tasks-'))) {
    type Task = {
      data: Record<string, string>;
      meta: { name: string };
      predictions?: { result: unknown }[];
      annotations?: { result: unknown }[];
    };
    for (const { data, meta, predictions, annotations } of await json<Task[]>(join(folder, file))) {
      const image = await readFile(join(folder, data[config.imageKey]!.replace('/data/local-files/?d=', '')));
      const { width, height } = await sharp(image).metadata();
      const { map } = await labelMapOfResult((predictions ?? annotations)![0]!.result, config, width, height);
      pairs.set(meta.name, { split: null, image, map, facts: withoutName(meta) });
    }
  }
  return pairs;
};

const percentDecoded = (text: string) => text.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);

/** Datumaro's rules: what is stripped, what is a comment, and what stands before the first colon. */
async function labelMapNames(folder: string): Promise<string[]> {
  const rows = (await readFile(join(folder, 'labelmap.txt'), 'utf8')).split(/\r\n|\r|\n/).map((line) => line.trim());
  return rows
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name, colour, ...rest] = line.split(':');
      if (!/^\d+,\d+,\d+$/.test(colour!) || rest.join() !== ',') throw new Error(`labelmap.txt: ${line}`);
      return percentDecoded(name!);
    });
}

/** The labels' column of the dataset card, by the rules of GitHub's tables. */
async function cardLabels(folder: string): Promise<string[]> {
  const card = await readFile(join(folder, 'README.md'), 'utf8');
  const rows = card.slice(card.indexOf('\n## Labels\n')).split('\n').slice(5);
  return rows
    .slice(0, rows.indexOf(''))
    .map((row) => row.split(/(?<!\\)(?:\\\\)*\|/)[2]!.trim())
    .map((text) => text.replace(/\\([!-/:-@[-`{-~])/g, '$1'))
    .map((text) => text.replace(/&(amp|lt|gt);/g, (_, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name]));
}

const jsonLabels = async (folder: string) =>
  (await json<{ labels: { name: string }[] }>(join(folder, 'labels.json'))).labels.map(({ name }) => name);
const cocoLabels = (kind: string) => async (folder: string) =>
  (await json<CocoJson>(join(folder, `annotations/${kind}_train.json`))).categories
    .filter(({ isthing }) => isthing !== 0)
    .map(({ name }) => name);

/** How every format's own files name the labels; with the background where it has a number. White space in a Markdown table counts as one space. */
export const LABEL_READERS: Readonly<Record<string, (folder: string) => Promise<string[]>>> = {
  'index-png': jsonLabels,
  'palette-png': jsonLabels,
  voc: labelMapNames,
  coco: cocoLabels('instances'),
  'coco-panoptic': cocoLabels('panoptic'),
  'yolo-seg': async (folder) =>
    (await lines(join(folder, 'data.yaml')))
      .flatMap((line) => /^ {2}\d+: (".*")$/.exec(line)?.[1] ?? [])
      .map((text) => JSON.parse(text) as string),
  webdataset: cardLabels,
  imagefolder: cardLabels,
  parquet: cardLabels,
  'label-studio': async (folder) => [...allMaskLabels(await readFile(join(folder, 'config.xml'), 'utf8')).labels],
};

/** A reader for every format, written from its rules and sharing no code with its writer. */
export const READERS: Readonly<Record<string, Reader>> = {
  'index-png': (folder) => readPictures(folder, decodeIndexPng),
  'palette-png': (folder) => readPictures(folder, paletteIndices),
  voc,
  coco,
  'coco-panoptic': panoptic,
  'yolo-seg': yolo,
  webdataset: webDataset,
  imagefolder: imageFolder,
  parquet,
  'label-studio': labelStudio,
};
