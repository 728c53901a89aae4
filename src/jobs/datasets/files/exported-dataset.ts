import type { ExportDataset, ExportOrigin, ExportPair } from '../../../export/export-dataset.ts';
import { hasMasks } from '../../../export/has-masks.ts';
import { DEFAULT_VALIDATION } from '../../../export/split.ts';
import { decodeIndexPng, encodeIndexPng } from '../../../masks/png/png.ts';
import { resizeLabelMap } from '../../../masks/resize-label-map.ts';
import { requireProject } from '../../../store/projects.ts';
import type { Dataset, Version } from '../../../store/schema.ts';
import { requireVersion } from '../../../store/versions.ts';
import type { GeneratorCard } from '../../../stylegan/generator-card.ts';
import { pictureSize } from '../../../stylegan/picture.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import { recordOf, validationOf } from '../../product/version-record.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { chosenParts } from '../record/dataset-parts.ts';
import { planOf } from '../record/stored-plan.ts';
import { datasetReport } from '../report/dataset-report.ts';
import { coloursOf } from '../report/preview.ts';
import { datasetJson } from '../shards/deliver-dataset.ts';
import { readPairs } from '../shards/read-pairs.ts';
import { exportKeypoints, exportPoints } from './exported-keypoints.ts';
import { PairSums } from './pair-sums.ts';

export interface ExportedOptions {
  /** Share of the pairs that is for validation, 0 … 0.5. */
  readonly validation?: number;
  readonly signal?: AbortSignal;
}

/**
 * A dataset of ours as the formats take it.
 * @throws DatasetGanError `unknown-generator`, `unknown-version`, `wrong-state` before all its pairs are made
 */
export async function exportedDataset(
  product: DatasetsContext,
  dataset: Dataset,
  { validation = DEFAULT_VALIDATION, signal }: ExportedOptions = {},
): Promise<ExportDataset> {
  await chosenParts(product.store.db, dataset.id);
  const plan = planOf(dataset);
  const { card } = await product.generators.find(plan.generator);
  const version = await requireVersion(product.store.db, plan.version);
  const { label_config: config } = await requireProject(product.store.db, dataset.project_key);
  let report: Promise<string> | undefined;
  const record = recordOf(version);
  const { keypoints } = record;
  const labels = datasetLabels(record);
  const measured = new PairSums(labels, keypoints?.names ?? []);
  return {
    id: dataset.id,
    title: dataset.title,
    labels,
    keypoints: keypoints && exportKeypoints(keypoints.names, config),
    colours: await coloursOf(product, dataset, labels),
    origin: originOf(dataset, plan, card, version, measured),
    factKinds: { seed: 'integer', class: 'integer', js: 'number', score: 'number' },
    count: dataset.delivered,
    validation,
    labelling: { config, version: plan.version },
    provenance: () => datasetJson(product, dataset),
    // The same in every format.
    report: () => (report ??= datasetReport(product, dataset, signal).then(({ html }) => html)),
    async *pairs() {
      measured.begin();
      for await (const { record: pair, image, mask } of readPairs(product, dataset, { signal })) {
        measured.add(pair);
        yield {
          ...pairOf(pair, card, image, await ofPictureSize(mask, card)),
          keypoints: exportPoints(pair, keypoints?.names ?? [], card),
        };
      }
    },
  };
}

function pairOf(record: PairRecord, card: GeneratorCard, image: Uint8Array, mask: Uint8Array): ExportPair {
  const { seed, js, score } = record;
  const facts = { seed, class: record.class, js, score };
  return { name: `seed-${seed}`, image, extension: 'png', ...pictureSize(card), mask, key: String(seed), facts };
}

/** Where labels are finer than the picture, the mask is brought to the picture's size: readers want both of one size. */
async function ofPictureSize(mask: Uint8Array, card: GeneratorCard): Promise<Uint8Array> {
  const { width, height } = pictureSize(card);
  if (card.labelSize.width === width && card.labelSize.height === height) return mask;
  return encodeIndexPng(resizeLabelMap(await decodeIndexPng(mask), width, height));
}

function originOf(dataset: Dataset, plan: DatasetPlan, card: GeneratorCard, version: Version, measured: PairSums): ExportOrigin {
  const record = recordOf(version);
  const validation = validationOf(version);
  const { name, family, source, licence, commercialUse, note } = card;
  const labels = datasetLabels(record);
  const masks = hasMasks({ labels });
  const made = [...(masks ? ['masks'] : []), ...(record.keypoints === undefined ? [] : ['keypoints'])].join(' and ');
  const number = (value: number | null | undefined) => (value === null || value === undefined ? 'n/a' : value.toFixed(3));
  return {
    summary:
      `Synthetic pictures of the StyleGAN generator ${name}, with ${made} by DatasetGAN (Zhang et al., CVPR 2021). ` +
      `The ${made} come from an ensemble of small networks on the generator's features, trained on ${record.images.length} annotated pictures.`,
    licence,
    commercialUse,
    note,
    synthetic: true,
    facts: [
      ['Generator', `${name} (${family}), id ${plan.generator}`],
      ['Source of the generator', source],
      ['Model version', plan.version],
      ['Truncation psi', `${plan.psi}${plan.cutoff === null ? '' : `, cutoff ${plan.cutoff}`}`],
      ['First seed', String(plan.seedStart)],
      ['Dropped as most uncertain', `${(100 * plan.filter).toFixed(1)} % (${dataset.dropped} of ${dataset.candidates})`],
      ['Dataset', dataset.id],
    ],
    quality: () => [
      ...(masks ? [['mIoU on held-out annotated pictures', number(validation?.mIoU)] as const] : []),
      ...(masks ? labels.map((label, index) => [`IoU: ${label}`, number(validation?.iou[index])] as const) : []),
      ...measured.lines(),
    ],
  };
}
