import type { Dataset } from '../../../store/schema.ts';
import { requireVersion } from '../../../store/versions.ts';
import type { DatasetsContext } from '../../product/contexts.ts';
import type { Product } from '../../product/product.ts';
import { datasetLabels } from '../record/dataset-labels.ts';
import { percent, RULE_TITLES, rulesInWords } from '../record/rules-in-words.ts';
import { type DatasetFigures, datasetFigures } from './dataset-figures.ts';
import { galleriesOf } from './gallery.ts';
import { heldOutOf } from './held-out.ts';
import { drawingColours, finalPreview } from './preview.ts';
import { reportHtml } from './report-html.ts';

/**
 * The report of a dataset as HTML: what was asked and delivered, how good its version is, examples of what is delivered and of what rules and filter
 * left out, histograms of uncertainty and areas before and after; and a picture of its first pairs.
 * @throws DatasetGanError `wrong-state` before all pairs are made
 */
export async function datasetReport(
  product: DatasetsContext,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<{ readonly html: string; readonly preview: Uint8Array | undefined }> {
  const figures = await datasetFigures(product, dataset);
  const { version } = figures;
  const labels = datasetLabels(version);
  const names = version.keypoints?.names ?? [];
  const drawn = await drawingColours(product, dataset, version);
  const preview = await finalPreview(product, dataset, drawn, signal);
  const facts = await factsOf(product, dataset, figures);
  const heldOut = heldOutOf(await requireVersion(product.store.db, version.id), names);
  const galleries = await galleriesOf(product, dataset, figures, drawn, signal);
  return { html: reportHtml({ title: dataset.title, facts, figures, labels, ...drawn, heldOut, galleries }), preview };
}

async function factsOf(
  { generators }: Pick<Product, 'generators'>,
  dataset: Dataset,
  { parts, version, tried, refused, dropped, kept, js, ignored }: DatasetFigures,
): Promise<(readonly [string, string])[]> {
  const { plan } = parts[0]!;
  const { card } = await generators.find(plan.generator);
  const asked = parts.reduce((sum, part) => sum + part.plan.count, 0);
  const broken = Object.entries(refused) as [keyof typeof RULE_TITLES, number][];
  const rules = rulesInWords(plan.rules, version.labels, version.keypoints?.names);
  return [
    ['Pairs', kept === asked ? `${kept}` : `${kept} of ${asked} ordered`],
    ['Candidates tried', String(tried)],
    ...(rules.length === 0 ? [] : [['Rules', rules.join('\n')] as const]),
    ...broken.map(([rule, times]) => [`Dropped by a rule: ${RULE_TITLES[rule]}`, String(times)] as const),
    ['Dropped as most uncertain', `${dropped} (filter ${percent(plan.filter)})`],
    ['Mean uncertainty, before and after', `${js.before.mean.toFixed(4)} and ${js.after.mean.toFixed(4)} nats`],
    ...(ignored === null || plan.ignoreAbove === undefined
      ? []
      : [
          [
            'Ignored pixels (255)',
            `those above ${plan.ignoreAbove} nats: ${percent(ignored.after.mean)} of the delivered masks`,
          ] as const,
        ]),
    ['Generator', `${card.name} (${card.family})`],
    ['Licence of the generator and its pictures', card.licence],
    ...(card.note === '' ? [] : [['Note', card.note] as const]),
    ['Model version', `${version.id}, trained on ${version.images.length} annotated pictures`],
    ['Truncation psi', plan.cutoff === null ? String(plan.psi) : `${plan.psi}, cutoff ${plan.cutoff}`],
    ['First seed', parts.map((part) => part.plan.seedStart).join(', ')],
    ['Dataset', dataset.id],
  ];
}
