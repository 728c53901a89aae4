import { DatasetGanError } from '../../../errors.ts';
import { type Colour, labelColours } from '../../../export/palette.ts';
import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { PredictedKeypoint } from '../../../keypoints/keypoint.ts';
import { labelBackgrounds } from '../../../label-studio/label-config/label-backgrounds.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset } from '../../../store/schema.ts';
import { shardRecords } from '../../../store/shards.ts';
import { requireVersion } from '../../../store/versions.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import { passesRules } from '../../../synthesis/rules.ts';
import type { DrawingColours } from '../../engine-tasks/draw-keypoints.ts';
import type { EncodedPair } from '../../engine-tasks/encode-pair.ts';
import { previewSheetTask } from '../../engine-tasks/preview-sheet.ts';
import type { Product } from '../../product/product.ts';
import { recordOf } from '../../product/version-record.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { isChosen, partsOf } from '../record/dataset-parts.ts';
import { planOf } from '../record/stored-plan.ts';
import { readPairs, type StoredPair } from '../shards/read-pairs.ts';
import { readShard, shardKey } from '../shards/shard-tar.ts';

/** Pairs on a preview. */
const SHOWN = 8;

interface ShownPair extends EncodedPair {
  readonly keypoints: readonly PredictedKeypoint[];
}

/** A label and the colour it has in previews: the label config's own where it gives one. */
export async function coloursOf(
  { store }: Pick<Product, 'store'>,
  dataset: Dataset,
  labels: readonly string[],
): Promise<Colour[]> {
  const own = labelBackgrounds((await requireProject(store.db, dataset.project_key)).label_config);
  return labelColours(labels.map((label) => own.get(label)));
}

/** A colour for each keypoint, as coloursOf; none is that of a label. */
async function keypointColoursOf(
  { store }: Pick<Product, 'store'>,
  dataset: Dataset,
  names: readonly string[],
  colours: readonly Colour[],
): Promise<Colour[]> {
  const own = labelBackgrounds((await requireProject(store.db, dataset.project_key)).label_config);
  return labelColours([...colours, ...names.map((name) => own.get(name))]).slice(colours.length);
}

/** The colours of everything that a version of the dataset sees. */
export async function drawingColours(
  product: Pick<Product, 'store'>,
  dataset: Dataset,
  version: Pick<VersionRecord, 'labels' | 'annotatedLabels' | 'keypoints'>,
): Promise<DrawingColours> {
  const colours = await coloursOf(product, dataset, datasetLabels(version));
  return { colours, points: await keypointColoursOf(product, dataset, version.keypoints?.names ?? [], colours) };
}

/**
 * PNG of a dataset's first pairs: those that it delivers, or while it is made, the first that were made.
 * @throws DatasetGanError `wrong-state` before the first shard, readPairs'
 */
export async function previewNow(product: Pick<Product, 'store' | 'storage' | 'engine'>, dataset: Dataset): Promise<Uint8Array> {
  const parts = await partsOf(product.store.db, dataset.id);
  const record = recordOf(await requireVersion(product.store.db, planOf(dataset).version));
  const drawn = await drawingColours(product, dataset, record);
  const preview = await (parts.every(isChosen) ? finalPreview : firstPreview)(product, dataset, drawn);
  if (preview !== undefined) return preview;
  throw new DatasetGanError('wrong-state', `Dataset ${dataset.id} has no pairs to show yet.`, {
    fix: 'Wait until its first pairs are made.',
  });
}

/** PNG of the first pairs that a dataset delivers; undefined where it delivers none. @throws DatasetGanError readPairs' */
export async function finalPreview(
  product: Pick<Product, 'store' | 'storage' | 'engine'>,
  dataset: Dataset,
  drawn: DrawingColours,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  return sheet(product, pointed(readPairs(product, dataset, { signal })), drawn);
}

async function* pointed(pairs: AsyncIterable<StoredPair>): AsyncGenerator<ShownPair> {
  for await (const { record, image, mask } of pairs) yield { image, mask, keypoints: record.keypoints ?? [] };
}

/** PNG of the first pairs that were made, before it is known which are delivered; undefined until the first shard is there. */
export async function firstPreview(
  product: Pick<Product, 'store' | 'storage' | 'engine'>,
  dataset: Dataset,
  drawn: DrawingColours,
): Promise<Uint8Array | undefined> {
  const { store, storage } = product;
  const [part] = await partsOf(store.db, dataset.id);
  const records = part === undefined ? undefined : ((await shardRecords(store.db, part.planId, 0)) as PairRecord[] | undefined);
  if (part === undefined || records === undefined) return undefined;
  const passed = new Map(records.filter((record) => passesRules(record, part.plan.rules)).map((record) => [record.seed, record]));
  const stream = await storage.stream(shardKey(part.planId, 0));
  async function* pairs(): AsyncGenerator<ShownPair> {
    for await (const pair of readShard(stream, (seed) => passed.has(seed)))
      yield { ...pair, keypoints: passed.get(pair.seed)!.keypoints ?? [] };
  }
  return sheet(product, pairs(), drawn);
}

async function sheet(
  { engine }: Pick<Product, 'engine'>,
  pairs: AsyncIterable<ShownPair>,
  drawn: DrawingColours,
): Promise<Uint8Array | undefined> {
  const shown: ShownPair[] = [];
  for await (const { image, mask, keypoints } of pairs) if (shown.push({ image, mask, keypoints }) === SHOWN) break;
  return shown.length === 0 ? undefined : engine.run(previewSheetTask, { pairs: shown, ...drawn }, { lane: 'codec' });
}
