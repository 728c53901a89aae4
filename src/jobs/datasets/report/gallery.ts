import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { Dataset } from '../../../store/schema.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import { brokenRule, type Rules } from '../../../synthesis/rules.ts';
import type { DrawingColours } from '../../engine-tasks/draw-keypoints.ts';
import { type GalleryPicture, galleryPicturesTask } from '../../engine-tasks/gallery-pictures.ts';
import type { Product } from '../../product/product.ts';
import { RULE_TITLES } from '../record/rules-in-words.ts';
import { readPairsOf } from '../shards/read-pairs.ts';
import type { DatasetFigures } from './dataset-figures.ts';

/** Pairs of one kind as a page shows them. */
export interface Gallery {
  readonly title: string;
  readonly pairs: readonly (GalleryPicture & { readonly caption: string })[];
}

/**
 * Examples of what a dataset delivers and of what it leaves out. A kind of which there is none is missing.
 * @throws DatasetGanError readPairs'
 */
export async function galleriesOf(
  product: Pick<Product, 'store' | 'storage' | 'engine'>,
  dataset: Dataset,
  { examples, parts, version }: DatasetFigures,
  drawn: DrawingColours,
  signal?: AbortSignal,
): Promise<Gallery[]> {
  const { rules } = parts[0]!.plan;
  const captioned = (caption: (record: PairRecord) => string) => (record: PairRecord) => ({ record, caption: caption(record) });
  const uncertainty = captioned(({ seed, js }) => `seed ${seed}: ${js.toFixed(3)} nats`);
  const kinds = [
    { title: 'First pairs', shown: examples.firstKept.map(uncertainty) },
    { title: 'Most uncertain delivered pairs', shown: examples.uncertainKept.map(uncertainty) },
    { title: 'Dropped as most uncertain', shown: examples.uncertainDropped.map(uncertainty) },
    {
      title: 'Dropped by the rules',
      shown: examples.firstRefused.map(captioned((record) => `seed ${record.seed}: ${breach(record, rules, version)}`)),
    },
  ].filter(({ shown }) => shown.length > 0);
  const records = [...new Map(kinds.flatMap(({ shown }) => shown.map(({ record }) => [record.seed, record]))).values()];
  const stored = await readPairsOf(
    product,
    dataset,
    records.map(({ seed }) => seed),
    signal,
  );
  const shown = new Map(records.map(({ seed, keypoints }) => [seed, keypoints]));
  const pairs = [...stored.values()].map((pair) => ({ ...pair, keypoints: shown.get(pair.seed) ?? [] }));
  const run = { lane: 'codec', signal } as const;
  const made = await product.engine.run(galleryPicturesTask, { pairs, ...drawn }, run);
  const pictures = new Map(pairs.map(({ seed }, index) => [seed, made[index]!]));
  return kinds.map(({ title, shown }) => ({
    title,
    pairs: shown.flatMap(({ record, caption }) => {
      const picture = pictures.get(record.seed);
      return picture === undefined ? [] : [{ ...picture, caption }];
    }),
  }));
}

/** The rule that a pair breaks, and which label or keypoint breaks it. */
function breach(
  record: PairRecord,
  rules: Rules | undefined,
  { labels, keypoints }: Pick<VersionRecord, 'labels' | 'keypoints'>,
): string {
  const broken = rules === undefined ? undefined : brokenRule(record, rules);
  if (broken === undefined) return '';
  const name = broken.keypoint === undefined ? labels[broken.label ?? -1] : keypoints?.names[broken.keypoint];
  return name === undefined ? RULE_TITLES[broken.rule] : `${RULE_TITLES[broken.rule]} (${name})`;
}
