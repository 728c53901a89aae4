import type { ProjectFigures } from '../../api/answers.ts';
import { predictionFigures } from '../../store/predictions.ts';
import type { Project } from '../../store/schema.ts';
import { requireVersion } from '../../store/versions.ts';
import { type Bins, Histogram } from '../../synthesis/histogram.ts';
import type { Product } from '../product/product.ts';

/** Fewer bars where few pictures would leave most of them empty. */
const BARS = { least: 8, most: 24 };

/** Uncertainty and areas of what the current version predicted for the project's pictures, as the store knows them. */
export async function projectFigures({ store: { db } }: Pick<Product, 'store'>, row: Project): Promise<ProjectFigures> {
  if (row.current_version === null) return { version: null, pictures: 0, uncertainty: { width: 0, counts: [] }, areas: [] };
  const { id, labels } = await requireVersion(db, row.current_version);
  const predictions = await predictionFigures(db, row.key, id);
  return { version: id, ...figuresOf(labels, predictions) };
}

/**
 * @param labels names by label index
 * @param predictions of one picture each: JS divergence in nats, pixels by label index or null where they were not kept
 */
export function figuresOf(
  labels: readonly string[],
  predictions: readonly { readonly js: number; readonly areas: readonly number[] | null }[],
): Omit<ProjectFigures, 'version'> {
  const most = predictions.reduce((max, { js }) => Math.max(max, js), 0);
  const uncertainty = new Histogram(most === 0 ? 1 : most);
  const shares = labels.map(() => new Histogram(1));
  for (const { js, areas } of predictions) {
    uncertainty.add(js);
    const pixels = areas?.reduce((sum, area) => sum + area, 0) ?? 0;
    for (const [index, area] of areas?.entries() ?? []) if (area > 0) shares[index]?.add(area / pixels);
  }
  const areas = labels.map((label, index) => {
    const histogram = shares[index]!;
    const seen = histogram.values > 0;
    return { label, pictures: histogram.values, mean: seen ? histogram.mean : null, histogram: inBars(histogram) };
  });
  return { pictures: predictions.length, uncertainty: inBars(uncertainty), areas };
}

function inBars(histogram: Histogram): Bins {
  const bars = Math.min(BARS.most, Math.max(BARS.least, Math.ceil(2 * Math.sqrt(histogram.values))));
  return histogram.bins(Math.max(1, Math.ceil(histogram.used / bars)));
}
