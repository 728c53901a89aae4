import type { EngineContext } from '../../engine/task.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { styles } from '../../stylegan/styles.ts';
import { loadVersion } from '../versions/version.ts';

/** Style vectors of a version's annotated pictures, and the unit that distances to them are told in. */
export interface AnnotatedStyles {
  /** [count, num_ws · w] */
  readonly ws: Float32Array;
  readonly count: number;
  /** sqrt(2 · mean over the annotated of ‖ws − w_avg‖²): how far apart two pictures drawn at random are. */
  readonly unit: number;
}

/** The unit of AnnotatedStyles; 1 where every annotated picture is the average one. ws [count, num_ws · w], wAvg [w]. */
export function distanceUnit(ws: Float32Array, count: number, wAvg: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < ws.length; i++) sum += (ws[i]! - wAvg[i % wAvg.length]!) ** 2;
  return sum === 0 ? 1 : Math.sqrt((2 * sum) / count);
}

/** min over the annotated a of ‖ws − ws_a‖ / unit, Euclidean over all layers' styles: 0 is an annotated picture, 1 about as far as two random ones. */
export function nearestDistance(ws: Float32Array, { ws: annotated, count, unit }: AnnotatedStyles): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < count; a++) {
    let sum = 0;
    for (let i = 0; i < ws.length; i++) sum += (ws[i]! - annotated[a * ws.length + i]!) ** 2;
    least = Math.min(least, sum);
  }
  return Math.sqrt(least) / unit;
}

/** What this worker thread used last: a dataset asks for one version all the time. */
let kept: { readonly version: string; readonly styles: AnnotatedStyles } | undefined;

/**
 * Distance in style space from a picture to the nearest one that the version was trained on, for use in a worker thread. A picture far from all of
 * them shows what the classifiers never saw.
 */
export async function nearestAnnotated(
  context: EngineContext,
  generator: Generator,
  image: ImageIdentity,
  versionFile: string,
): Promise<number> {
  const { record } = await loadVersion(versionFile);
  if (kept?.version !== record.id) {
    const ws = await styles(
      context,
      generator,
      record.images.map((trained) => trained.image),
    );
    const count = record.images.length;
    kept = { version: record.id, styles: { ws, count, unit: distanceUnit(ws, count, generator.card.wAvg) } };
  }
  return nearestDistance(await styles(context, generator, [image]), kept.styles);
}
