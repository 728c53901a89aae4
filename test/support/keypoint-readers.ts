import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { extract } from 'tar-stream';

/** A keypoint as a reader finds it, in pixels from the corner of the picture; null: absent. */
export type ReadPoint = { readonly x: number; readonly y: number; readonly visibility: number | null } | null;

/** The keypoints of a dataset as a reader of a format finds them. */
export interface ReadKeypoints {
  readonly names: readonly string[];
  /** Those of each picture, by the names of the pairs; null: nothing is known of them. */
  readonly points: ReadonlyMap<string, readonly ReadPoint[] | null>;
}

type Reader = (folder: string) => Promise<ReadKeypoints>;

const SPLITS = ['train', 'val'] as const;
const stem = (file: string) => file.replace(/\.\w+$/, '');
const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

interface Cell {
  readonly name: string;
  readonly x: number | null;
  readonly y: number | null;
  readonly visibility: number | bigint;
}

/** Rows that have the keypoints as a column. */
function ofCells(rows: readonly { readonly name: string; readonly keypoints: readonly Cell[] | null }[]): ReadKeypoints {
  const names = rows.find(({ keypoints }) => keypoints !== null)?.keypoints?.map(({ name }) => name) ?? [];
  const points = rows.map(({ name, keypoints }) => {
    if (keypoints !== null && String(keypoints.map((cell) => cell.name)) !== String(names))
      throw new Error(`${name}: other names`);
    const read = keypoints?.map(({ x, y, visibility }) => {
      if ((x === null) !== (Number(visibility) === 0) || (y === null) !== (x === null)) throw new Error(`${name}: visibility`);
      return x === null || y === null ? null : { x, y, visibility: Number(visibility) };
    });
    return [name, read ?? null] as const;
  });
  return { names, points: new Map(points) };
}

const pictureLists: Reader = async (folder) =>
  ofCells((await lines(join(folder, 'pairs.jsonl'))).map((line) => JSON.parse(line) as { name: string; keypoints: Cell[] }));

const imageFolder: Reader = async (folder) => {
  const files = ['train', 'validation'].map((split) => join(folder, split, 'metadata.jsonl')).filter(existsSync);
  const rows = (await Promise.all(files.map(lines))).flat();
  return ofCells(rows.map((line) => JSON.parse(line) as { name: string; keypoints: Cell[] }));
};

const webDataset: Reader = async (folder) => {
  const rows: { name: string; keypoints: Cell[] }[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.tar'))) {
    const tar = extract();
    tar.end(await readFile(join(folder, file)));
    for await (const entry of tar) {
      const bytes = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>));
      if (entry.header.name.endsWith('.json')) rows.push(JSON.parse(bytes.toString()) as (typeof rows)[number]);
    }
  }
  return ofCells(rows);
};

const parquet: Reader = async (folder) => {
  const rows: { name: string; keypoints: Cell[] }[] = [];
  for (const name of await readdir(join(folder, 'data'))) {
    const file = await asyncBufferFromFile(join(folder, 'data', name));
    const columns = ['name', 'keypoints'];
    rows.push(...((await parquetReadObjects({ file, columns })) as typeof rows));
  }
  return ofCells(rows);
};

const coco: Reader = async (folder) => {
  const points = new Map<string, ReadPoint[] | null>();
  let names: readonly string[] = [];
  for (const split of SPLITS) {
    const { images, annotations, categories } = JSON.parse(
      await readFile(join(folder, `annotations/person_keypoints_${split}.json`), 'utf8'),
    ) as {
      images: { id: number; file_name: string }[];
      annotations: { image_id: number; keypoints: number[]; num_keypoints: number }[];
      categories: { keypoints: string[] }[];
    };
    names = categories[0]!.keypoints;
    for (const { id, file_name } of images)
      points.set(stem(file_name), annotations.some((one) => one.image_id === id) ? [] : null);
    for (const { image_id, keypoints, num_keypoints } of annotations) {
      const read = Array.from({ length: keypoints.length / 3 }, (_, index): ReadPoint => {
        const [x, y, visibility] = keypoints.slice(3 * index, 3 * index + 3);
        return visibility === 0 ? null : { x: x! + 0.5, y: y! + 0.5, visibility: visibility! };
      });
      if (read.filter((point) => point !== null).length !== num_keypoints) throw new Error('num_keypoints is wrong');
      points.set(stem(images.find(({ id }) => id === image_id)!.file_name), read);
    }
  }
  return { names, points };
};

const yoloPose: Reader = async (folder) => {
  const yaml = await lines(join(folder, 'data.yaml'));
  const names = JSON.parse(yaml[yaml.indexOf('kpt_names:') + 1]!.replace(/^ {2}0: /, '')) as string[];
  const points = new Map<string, ReadPoint[]>();
  for (const split of SPLITS) {
    if (!existsSync(join(folder, `images/${split}`))) continue;
    for (const file of await readdir(join(folder, `images/${split}`))) {
      const { width, height } = await sharp(join(folder, `images/${split}`, file)).metadata();
      const [row = ''] = await lines(join(folder, `labels/${split}`, `${stem(file)}.txt`));
      const values = row.split(' ').slice(5).map(Number);
      const read = names.map((_, index): ReadPoint => {
        const [x, y, visibility] = values.slice(3 * index, 3 * index + 3);
        return visibility === 0 ? null : { x: x! * width, y: y! * height, visibility: visibility! };
      });
      points.set(stem(file), read);
    }
  }
  return { names, points };
};

const deepLabCut: Reader = async (folder) => {
  const points = new Map<string, ReadPoint[]>();
  let names: readonly string[] = [];
  for (const split of SPLITS) {
    const file = join(folder, `labeled-data/${split}/CollectedData_datasetgan.csv`);
    if (!existsSync(file)) continue;
    const [scorer, parts, coords, ...rows] = csvRows(await readFile(file, 'utf8'));
    if (new Set(scorer!.slice(3)).size !== 1) throw new Error('scorer');
    names = parts!.slice(3).filter((_, index) => index % 2 === 0);
    if (coords!.slice(3).some((coordinate, index) => coordinate !== 'xy'[index % 2])) throw new Error('coords');
    for (const [root, own, picture, ...cells] of rows) {
      if (root !== 'labeled-data' || own !== split) throw new Error('path');
      const read = names.map((_, index): ReadPoint => {
        const [x, y] = cells.slice(2 * index, 2 * index + 2);
        return x === '' || y === '' ? null : { x: Number(x) + 0.5, y: Number(y) + 0.5, visibility: null };
      });
      points.set(stem(picture!), read);
    }
  }
  return { names, points };
};

interface Region {
  readonly id: string;
  readonly type: string;
  readonly from_name: string;
  readonly original_width: number;
  readonly original_height: number;
  readonly value: { x: number; y: number; width: number; keypointlabels?: string[]; choices?: string[] };
}

const labelStudio: Reader = async (folder) => {
  const points = new Map<string, ReadPoint[]>();
  const xml = await readFile(join(folder, 'config.xml'), 'utf8');
  const controls = /<KeyPointLabels[^>]*>([\s\S]*?)<\/KeyPointLabels>/.exec(xml)![1]!;
  const names = [...controls.matchAll(/<Label[^>]*?value="([^"]*)"/g)].map(
    ([, value]) => new XMLParser(ATTRIBUTES).parse(`<a b="${value!}"/>`).a.b as string,
  );
  for (const file of (await readdir(folder)).filter((name) => name.startsWith('tasks-'))) {
    type Task = { meta: { name: string }; predictions?: { result: Region[] }[]; annotations?: { result: Region[] }[] };
    for (const { meta, predictions, annotations } of JSON.parse(await readFile(join(folder, file), 'utf8')) as Task[]) {
      const { result } = (predictions ?? annotations)![0]!;
      const own = result.filter(({ type }) => type === 'keypointlabels');
      if (own.some(({ value }) => !(value.width > 0))) throw new Error(`${meta.name}: the editor draws no point without a width`);
      const read = names.map((name): ReadPoint => {
        const found = own.find(({ value }) => value.keypointlabels![0] === name);
        if (found === undefined) return null;
        const { id, original_width, original_height, value } = found;
        const hidden = result.some(
          (region) => region.id === id && region.from_name === 'visibility' && region.value.choices![0] === 'occluded',
        );
        return { x: (value.x / 100) * original_width, y: (value.y / 100) * original_height, visibility: hidden ? 1 : 2 };
      });
      points.set(meta.name, read);
    }
  }
  return { names, points };
};

const ATTRIBUTES = {
  ignoreAttributes: false,
  attributeNamePrefix: '',
  htmlEntities: true,
  parseAttributeValue: false,
  trimValues: false,
};

/** RFC 4180. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

/** A reader for every format that holds keypoints, written from its rules and sharing no code with its writer. */
export const KEYPOINT_READERS: Readonly<Record<string, Reader>> = {
  'index-png': pictureLists,
  'palette-png': pictureLists,
  'coco-keypoints': coco,
  'yolo-pose': yoloPose,
  deeplabcut: deepLabCut,
  webdataset: webDataset,
  imagefolder: imageFolder,
  parquet,
  'label-studio': labelStudio,
};
