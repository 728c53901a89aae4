import { type Colour, labelColours } from '../../../export/palette.ts';
import { labelBackgrounds } from '../../../label-studio/label-config/label-backgrounds.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset } from '../../../store/schema.ts';
import { shardRecords } from '../../../store/shards.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import { passesRules } from '../../../synthesis/rules.ts';
import { previewSheetTask } from '../../engine-tasks/preview-sheet.ts';
import type { Product } from '../../product/product.ts';
import { partsOf } from '../record/dataset-parts.ts';
import { readPairs } from '../shards/read-pairs.ts';
import { readShard, shardKey } from '../shards/shard-tar.ts';

/** Pairs on a preview. */
const SHOWN = 8;

interface ShownPair {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
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

/** PNG of the first pairs that a dataset delivers; undefined where it delivers none. @throws DatasetGanError readPairs' */
export async function finalPreview(
  product: Pick<Product, 'store' | 'storage' | 'engine'>,
  dataset: Dataset,
  colours: readonly Colour[],
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  return sheet(product, readPairs(product, dataset, { signal }), colours);
}

/** PNG of the first pairs that were made, before it is known which are delivered; undefined until the first shard is there. */
export async function firstPreview(
  product: Pick<Product, 'store' | 'storage' | 'engine'>,
  dataset: Dataset,
  colours: readonly Colour[],
): Promise<Uint8Array | undefined> {
  const { store, storage } = product;
  const [part] = await partsOf(store.db, dataset.id);
  const records = part === undefined ? undefined : ((await shardRecords(store.db, part.planId, 0)) as PairRecord[] | undefined);
  if (part === undefined || records === undefined) return undefined;
  const passed = new Set(records.filter((record) => passesRules(record, part.plan.rules)).map(({ seed }) => seed));
  return sheet(
    product,
    readShard(await storage.stream(shardKey(part.planId, 0)), (seed) => passed.has(seed)),
    colours,
  );
}

async function sheet(
  { engine }: Pick<Product, 'engine'>,
  pairs: AsyncIterable<ShownPair>,
  colours: readonly Colour[],
): Promise<Uint8Array | undefined> {
  const shown: ShownPair[] = [];
  for await (const { image, mask } of pairs) if (shown.push({ image, mask }) === SHOWN) break;
  return shown.length === 0 ? undefined : engine.run(previewSheetTask, { pairs: shown, colours }, { lane: 'codec' });
}
