import type { MarkedKeypoints, PredictedKeypoint } from '../../keypoints/keypoint.ts';
import { UNKNOWN } from '../../masks/label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { keypointsOfRegions } from '../regions/keypoints-of-regions.ts';
import type { Reference } from '../regions/label-map-of-regions.ts';
import { maskKind } from '../regions/mask-of-value.ts';
import { readResultEntry } from '../regions/result-entry.ts';

/** A prediction of ours for one task: what we pushed, or what a version says about its picture. */
export interface KnownPrediction {
  /** Of its row in Label Studio, where there is or was one. */
  readonly id: number | null;
  readonly version: string | null;
  readonly shows: Reference;
  /** What the version sees beside a label map; regions have their points among them. */
  readonly keypoints?: readonly PredictedKeypoint[];
}

/** Whether it shows a mask, of the background too where that has a region. */
export function showsMasks({ shows }: KnownPrediction): boolean {
  return 'data' in shows
    ? shows.data.some((label) => label > 0 && label !== UNKNOWN)
    : shows.map(readResultEntry).some((entry) => entry !== undefined && maskKind(entry) !== undefined);
}

/** The points that it shows, by keypoint of the config; null where it shows none. */
export function shownPoints(
  { shows, keypoints = [] }: KnownPrediction,
  config: LabelConfig,
  width: number,
  height: number,
): MarkedKeypoints | null {
  if (!('data' in shows)) return keypointsOfRegions(shows, config, width, height).marked;
  if (keypoints.length === 0) return null;
  return config.keypoints.map((_, index) => keypoints.find(({ keypoint }) => keypoint === index) ?? null);
}
