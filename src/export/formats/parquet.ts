import type { SchemaElement } from 'hyparquet';
import { ParquetWriter } from 'hyparquet-writer';
import type { ExportDataset, ExportPair, FactKind } from '../export-dataset.ts';
import type { ExportFormat } from '../export-format.ts';
import { hasMasks } from '../has-masks.ts';
import type { Split } from '../split.ts';
import type { ExportFile, FileTarget } from '../targets/export-target.ts';
import { KEYPOINT_CELLS, type KeypointCell, keypointCells } from './keypoint-column.ts';
import { PieceWriter } from './piece-writer.ts';

/** Hugging Face's own choice for pictures: readers fetch a row group at a time. */
const GROUP_ROWS = 100;
const GROUP_BYTES = 32e6;
const FILE_BYTES = 500e6;
/** A page is put together by copying: most pictures have one of their own, and small ones share it. */
const PAGE_BYTES = 64 << 10;

/** Parquet files whose columns `image` and `mask` are pictures to Hugging Face's `datasets`. */
export const parquet: ExportFormat = {
  title: 'Parquet',
  kinds: [{ name: 'pairs', files: 'data/*.parquet', type: 'application/vnd.apache.parquet' }],
  notes: {
    layout: `- \`data/train-00000.parquet\`, …, \`data/val-00000.parquet\`, …: columns \`image\`, \`mask\`, \`name\` and the facts about each pair.
  \`image\` and \`mask\` are image files (\`{bytes, path}\`), which \`load_dataset\` decodes. Masks are 8-bit grey: the grey value of a pixel is the number of its label.`,
    ignored: 'They have the value 255 in the masks (`ignore_index=255` in most trainers).',
    keypoints: `In the column \`keypoints\`: ${KEYPOINT_CELLS}`,
  },
  dataFiles: (split) => `data/${split}-*.parquet`,
  async write({ dataset, pairs, target }) {
    const tables = { train: new Table(target, dataset, 'train'), val: new Table(target, dataset, 'val') };
    for await (const pair of pairs) await tables[pair.split].add(pair);
    for (const table of Object.values(tables)) await table.close();
  },
};

type Column = 'image' | 'mask' | 'name' | 'keypoints' | { readonly fact: string; readonly kind: FactKind };

const LEAVES: Readonly<Record<FactKind, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};
const KEYPOINT: Readonly<Record<keyof KeypointCell, FactKind>> = {
  name: 'text',
  x: 'number',
  y: 'number',
  visibility: 'integer',
  score: 'number',
};
const DTYPES: Readonly<Record<FactKind, string>> = { integer: 'int64', number: 'float64', text: 'string' };

/** The files of one split; a new one is begun when the last is full. */
class Table {
  readonly #target: FileTarget;
  readonly #split: Split;
  readonly #columns: readonly Column[];
  /** Names. */
  readonly #keypoints: readonly string[] | undefined;
  #open: { readonly file: ExportFile; readonly bytes: PieceWriter; readonly writer: ParquetWriter } | undefined;
  #rows: ExportPair[] = [];
  #rowBytes = 0;
  #index = 0;

  constructor(target: FileTarget, dataset: ExportDataset, split: Split) {
    const facts = Object.entries(dataset.factKinds).map(([fact, kind]) => ({ fact, kind }));
    this.#target = target;
    this.#split = split;
    this.#keypoints = dataset.keypoints?.names;
    this.#columns = [
      'image',
      ...(hasMasks(dataset) ? (['mask'] as const) : []),
      'name',
      ...facts,
      ...(this.#keypoints === undefined ? [] : (['keypoints'] as const)),
    ];
  }

  async add(pair: ExportPair): Promise<void> {
    this.#rows.push(pair);
    this.#rowBytes += pair.image.byteLength + pair.mask.byteLength;
    if (this.#rows.length >= GROUP_ROWS || this.#rowBytes >= GROUP_BYTES) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#finish();
  }

  async #flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    this.#open ??= await this.#next();
    const { writer, bytes } = this.#open;
    writer.write({
      columnData: this.#columns.map((column) => ({
        name: nameOf(column),
        data: this.#rows.map((pair) => this.#cellOf(pair, column)),
        encoding: 'PLAIN' as const,
      })),
      rowGroupSize: this.#rows.length,
      pageSize: PAGE_BYTES,
    });
    this.#rows = [];
    this.#rowBytes = 0;
    await this.#drain();
    if (bytes.offset > FILE_BYTES) await this.#finish();
  }

  #cellOf(pair: ExportPair, column: Column): unknown {
    if (column === 'image') return { bytes: pair.image, path: `${pair.name}.${pair.extension}` };
    if (column === 'mask') return { bytes: pair.mask, path: `${pair.name}.png` };
    if (column === 'name') return pair.name;
    if (column === 'keypoints') {
      const cells = keypointCells(this.#keypoints ?? [], pair);
      return cells?.map((cell) => ({ ...cell, visibility: BigInt(cell.visibility) }));
    }
    const value = pair.facts[column.fact] ?? null;
    return column.kind === 'integer' && value !== null ? BigInt(value) : value;
  }

  async #finish(): Promise<void> {
    if (this.#open === undefined) return;
    this.#open.writer.finish();
    await this.#drain();
    await this.#open.file.close();
    this.#open = undefined;
  }

  /** What was written so far goes to the file. */
  async #drain(): Promise<void> {
    const { file, bytes } = this.#open!;
    for (const piece of bytes.take()) await file.append(piece);
  }

  async #next() {
    const file = await this.#target.open(`data/${this.#split}-${String(this.#index++).padStart(5, '0')}.parquet`);
    const bytes = new PieceWriter();
    const features = Object.fromEntries(this.#columns.map((column) => [nameOf(column), featureOf(column)]));
    const writer = new ParquetWriter({
      writer: bytes,
      schema: schemaOf(this.#columns),
      // Pictures are compressed already.
      codec: 'UNCOMPRESSED',
      statistics: false,
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    });
    return { file, bytes, writer };
  }
}

const nameOf = (column: Column): string => (typeof column === 'string' ? column : column.fact);

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const optional = { repetition_type: 'OPTIONAL' } as const;
  return [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap((column): SchemaElement[] => {
      if (column === 'image' || column === 'mask')
        return [
          { name: column, num_children: 2, ...optional },
          { name: 'bytes', type: 'BYTE_ARRAY', ...optional },
          { name: 'path', ...LEAVES.text, ...optional },
        ];
      if (column === 'keypoints')
        return [
          { name: column, converted_type: 'LIST', num_children: 1, ...optional },
          { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
          { name: 'element', num_children: Object.keys(KEYPOINT).length, ...optional },
          ...Object.entries(KEYPOINT).map(([name, kind]) => ({ name, ...LEAVES[kind], ...optional })),
        ];
      const kind = column === 'name' ? 'text' : column.kind;
      return [{ name: nameOf(column), ...LEAVES[kind], ...optional }];
    }),
  ];
}

/** The type of a column for `datasets`. */
function featureOf(column: Column): object {
  if (column === 'image' || column === 'mask') return { _type: 'Image' };
  const value = (kind: FactKind) => ({ dtype: DTYPES[kind], _type: 'Value' });
  if (column === 'keypoints') return [Object.fromEntries(Object.entries(KEYPOINT).map(([name, kind]) => [name, value(kind)]))];
  return value(column === 'name' ? 'text' : column.kind);
}
