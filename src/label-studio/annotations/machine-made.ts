import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import { samePoints } from '../../keypoints/same-points.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { keypointsOfRegions } from '../regions/keypoints-of-regions.ts';
import { labelMapOfRegions } from '../regions/label-map-of-regions.ts';
import { regionsOfLabelMap } from '../regions/regions-of-label-map.ts';
import { unpaintedAsBackground } from '../regions/unpainted-as-background.ts';
import { type KnownPrediction, shownPoints } from './known-prediction.ts';

interface Shown {
  readonly map: LabelMap;
  readonly points: MarkedKeypoints | null;
}

/** Tells whether a result decodes to what one of the predictions shows. These are decoded on first use: most tasks never need it. */
export function machineMadeTest(predictions: readonly KnownPrediction[], config: LabelConfig, width: number, height: number) {
  let decoded: Promise<Shown[]> | undefined;
  const decode = async (result: unknown, points = keypointsOfRegions(result, config, width, height).marked): Promise<Shown> => ({
    map: unpaintedAsBackground(await labelMapOfRegions(result, config, width, height), config),
    points,
  });
  const decodePrediction = (prediction: KnownPrediction): Promise<Shown> => {
    const { shows } = prediction;
    if (!('data' in shows)) return decode(shows);
    const regions = regionsOfLabelMap(config, shows, { version: '', width, height });
    return decode(regions, shownPoints(prediction, config, width, height));
  };
  return async (result: unknown): Promise<boolean> => {
    if (predictions.length === 0) return false;
    decoded ??= Promise.allSettled(predictions.map(decodePrediction)).then((all) =>
      all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    );
    const { map, points } = await decode(result);
    return (await decoded).some((other) => Buffer.compare(other.map.data, map.data) === 0 && samePoints(other.points, points));
  };
}
