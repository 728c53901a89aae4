import type { ExportDataset, ExportPair } from '../export-dataset.ts';
import type { SplitPair } from '../export-format.ts';
import { jsonText } from '../json-text.ts';
import type { ExportFile, FileTarget } from '../targets/export-target.ts';
import { openSpool, type Spool } from '../targets/spool.ts';

/** Files of every COCO format. */
export const COCO_PICTURES = [
  { name: 'training-pictures', files: 'train/*', type: 'image/png' },
  { name: 'validation-pictures', files: 'val/*', type: 'image/png' },
] as const;
export const COCO_ANNOTATIONS = { name: 'annotations', files: 'annotations/*.json', type: 'application/json' } as const;

/** What the COCO formats have in common. */
interface CocoDataset<T> {
  readonly dataset: ExportDataset;
  readonly target: FileTarget;
  /** Begins the names of the JSON files. */
  readonly kind: 'instances' | 'panoptic' | 'person_keypoints';
  readonly categories: readonly object[];
  /** Pairs, with what was made of their masks. */
  readonly pairs: AsyncIterable<readonly [SplitPair, T]>;
  /** A picture's annotations, by its number from 1 on; may write files of its own. */
  annotate(pair: SplitPair, made: T, image: number): Promise<readonly object[]> | readonly object[];
}

/** Writes the pictures into `SPLIT/`, and `annotations/KIND_SPLIT.json` for both splits. */
export async function writeCoco<T>({ dataset, target, kind, categories, pairs, annotate }: CocoDataset<T>): Promise<void> {
  const file = (split: string) => CocoFile.open(target, `annotations/${kind}_${split}.json`, dataset, categories);
  const files = { train: await file('train'), val: await file('val') };
  let image = 0;
  try {
    for await (const [pair, made] of pairs) {
      await target.write(`${pair.split}/${pair.name}.${pair.extension}`, pair.image);
      image++;
      await files[pair.split].add(image, pair, await annotate(pair, made, image));
    }
    for (const one of Object.values(files)) await one.close();
  } finally {
    for (const one of Object.values(files)) await one.discard();
  }
}

/** One JSON file of COCO, with its two long lists, `images` and `annotations`, in constant memory: the images wait in a temporary file. */
class CocoFile {
  readonly #file: ExportFile;
  readonly #images: Spool;
  #annotated = false;

  private constructor(file: ExportFile, images: Spool) {
    this.#file = file;
    this.#images = images;
  }

  static async open(target: FileTarget, path: string, dataset: ExportDataset, categories: readonly object[]): Promise<CocoFile> {
    const { title, origin } = dataset;
    const head = {
      info: { description: title, version: dataset.id },
      licenses: [{ id: 1, name: origin.licence, url: '' }],
      categories,
    };
    const file = await target.open(path);
    await file.append(`${jsonText(head).slice(0, -1)},\n"annotations":[`);
    return new CocoFile(file, await openSpool());
  }

  async add(id: number, pair: ExportPair, annotations: readonly object[]): Promise<void> {
    const { name, extension, width, height, facts } = pair;
    const image = { id, file_name: `${name}.${extension}`, width, height, license: 1, ...facts };
    await this.#images.append(`${this.#images.size === 0 ? '' : ','}\n${jsonText(image)}`);
    if (annotations.length === 0) return;
    await this.#file.append(
      `${this.#annotated ? ',' : ''}\n${annotations.map((annotation) => jsonText(annotation)).join(',\n')}`,
    );
    this.#annotated = true;
  }

  async close(): Promise<void> {
    await this.#images.close();
    await this.#file.append('\n],\n"images":[');
    if (this.#images.size > 0) for await (const chunk of this.#images.read()) await this.#file.append(chunk);
    await this.#file.append('\n]}\n');
    await this.#file.close();
  }

  /** Removes the temporary file. */
  discard(): Promise<void> {
    return this.#images.remove();
  }
}
