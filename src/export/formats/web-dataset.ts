import type { ExportFormat } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import { jsonText } from '../json-text.ts';
import type { Split } from '../split.ts';
import { type ExportFile, type FileTarget, utf8 } from '../targets/export-target.ts';
import { TarWriter } from '../targets/tar-writer.ts';
import { KEYPOINT_CELLS, keypointEntry } from './keypoint-column.ts';

/** A shard that has more bytes is closed. */
const SHARD_BYTES = 256e6;

/** Tar shards of samples, `SPLIT-000000.tar`. */
export const webDataset: ExportFormat = {
  title: 'WebDataset',
  kinds: [{ name: 'shards', files: '*.tar', type: 'application/x-tar' }],
  notes: {
    layout: `- \`train-000000.tar\`, …, \`val-000000.tar\`, …: shards. A sample has the keys \`png\` (the picture), \`mask.png\` and \`json\` (the facts about it).
  Pictures that are JPEG or WebP have the key \`jpg\` or \`webp\`. Masks are 8-bit grey: the grey value of a pixel is the number of its label.
  \`decode("pil")\` converts masks to RGB. Take one of their three equal channels, or decode with \`"pill"\`.`,
    ignored: 'They have the value 255 in the masks (`ignore_index=255` in most trainers).',
    keypoints: `In the json: ${KEYPOINT_CELLS}`,
  },
  dataFiles: (split) => `${split}-*.tar`,
  async write({ dataset, pairs, target }) {
    const shards = { train: new Shards(target, 'train'), val: new Shards(target, 'val') };
    for await (const pair of pairs) {
      const { name, split, image, extension, mask, facts } = pair;
      await shards[split].add([
        [`${name}.${extension}`, image],
        ...(hasMasks(dataset) ? [[`${name}.mask.png`, mask] as const] : []),
        [`${name}.json`, utf8(jsonText({ name, ...facts, ...keypointEntry(dataset, pair) }))],
      ]);
    }
    for (const one of Object.values(shards)) await one.close();
  },
};

/** The shards of one split; a new one is begun when the last is full. */
class Shards {
  readonly #target: FileTarget;
  readonly #split: Split;
  #open: { readonly file: ExportFile; readonly tar: TarWriter } | undefined;
  #index = 0;
  #bytes = 0;

  constructor(target: FileTarget, split: Split) {
    this.#target = target;
    this.#split = split;
  }

  async add(sample: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<void> {
    this.#open ??= await this.#next();
    for (const [name, bytes] of sample) {
      await this.#open.tar.add(name, bytes);
      this.#bytes += bytes.byteLength;
    }
    if (this.#bytes > SHARD_BYTES) await this.close();
  }

  async close(): Promise<void> {
    if (this.#open === undefined) return;
    const { file, tar } = this.#open;
    this.#open = undefined;
    await tar.finish();
    await file.close();
  }

  async #next() {
    const file = await this.#target.open(`${this.#split}-${String(this.#index++).padStart(6, '0')}.tar`);
    this.#bytes = 0;
    return { file, tar: new TarWriter((bytes) => file.append(bytes)) };
  }
}
