import { decode } from '@thi.ng/rle-pack';
import { z } from 'zod';
import type { Point } from '../../src/keypoints/keypoint.ts';
import type { LabelConfig } from '../../src/label-studio/label-config/label-config.ts';
import { regionsOfKeypoints } from '../../src/label-studio/regions/regions-of-keypoints.ts';
import { regionsOfLabelMap } from '../../src/label-studio/regions/regions-of-label-map.ts';
import type { LabelMap } from '../../src/masks/label-map.ts';
import { KEYPOINTS, type KeypointName, PARTS, type Part } from '../../src/stylegan/portraits/parts.ts';
import { renderPortrait } from '../../src/stylegan/portraits/render.ts';

/** Side of a portrait, in pixels. */
export const SIDE = 256;

/** A project for painting these parts of a portrait; what is not painted is background. */
export function brushConfig(parts: readonly Part[] = PARTS.slice(1)): string {
  const labels = parts.map((part) => `<Label value="${part}"/>`).join('');
  return `<View><Image name="image" value="$image"/><BrushLabels name="tag" toName="image">${labels}</BrushLabels></View>`;
}

/** Colours that no portrait has, by keypoint. */
const POINT_COLOURS = ['#ff00ff', '#00ffff', '#00ff00', '#ff0000', '#0000ff', '#ffff00', '#ff8000', '#8000ff', '#00ff80'];

/** A project for these points of a portrait; `beside`: tags of other controls on its Image. */
export function keypointConfig(keypoints: readonly KeypointName[] = KEYPOINTS, beside = ''): string {
  const labels = keypoints.map((name, i) => `<Label value="${name}" background="${POINT_COLOURS[i]}"/>`).join('');
  return `<View><Image name="image" value="$image"/>${beside}<KeyPointLabels name="points" toName="image">${labels}</KeyPointLabels></View>`;
}

/** The points of a portrait that the config has and the picture shows, where they exactly are. */
export function truthPoints({ keypoints }: LabelConfig, seed: number): (Point & { readonly keypoint: number })[] {
  const places = renderPortrait(seed).keypoints;
  return keypoints.flatMap((name, keypoint) => {
    const place = places.find((one) => one.name === name);
    return place?.visible === true ? [{ keypoint, x: place.x, y: place.y }] : [];
  });
}

/** Points as somebody would have set them by hand: with ids that name no version. */
export function handMadePoints(config: LabelConfig, points: readonly (Point & { readonly keypoint: number })[]): object[] {
  const predicted = points.map((point) => ({ ...point, score: 1, spread: 0 }));
  return regionsOfKeypoints(config, predicted, { width: SIDE, height: SIDE }, { version: 'painted' }).map(
    ({ score: _, ...region }) => ({ ...region, origin: 'manual' }),
  );
}

/** What is exactly right for a portrait, in the labels of that config; parts without a label are background. */
export function truthMap(config: LabelConfig, seed: number): LabelMap {
  const { width, height, data } = renderPortrait(seed).mask;
  const labels = PARTS.map((part) => Math.max(0, config.labels.indexOf(part)));
  return { width, height, data: data.map((part) => labels[part]!) };
}

/** A label map as somebody would have painted it: regions by hand, with ids that name no version. */
export function paintedRegions(config: LabelConfig, map: LabelMap): object[] {
  return regionsOfLabelMap(config, map, { version: 'painted' }).map((region) => ({ ...region, origin: 'manual' }));
}

/** What is exactly right for a portrait, masks and points, by hand. */
export const truthRegions = (config: LabelConfig, seed: number): object[] => [
  ...paintedRegions(config, truthMap(config, seed)),
  ...handMadePoints(config, truthPoints(config, seed)),
];

const REGIONS = z.array(
  z.object({ value: z.object({ format: z.literal('rle'), rle: z.array(z.int()), brushlabels: z.tuple([z.string()]) }) }),
);

/** The label map of predicted regions, decoded by the library that Label Studio's editor decodes with. */
export function decodePrediction({ labels }: LabelConfig, result: unknown, side = SIDE): LabelMap {
  const data = new Uint8Array(side * side);
  for (const { value } of REGIONS.parse(result)) {
    const rgba = decode(Uint8Array.from(value.rle));
    const label = labels.indexOf(value.brushlabels[0]);
    if (label < 1 || rgba.length !== 4 * data.length) throw new Error(`Not a region of this project: ${value.brushlabels[0]}`);
    for (let pixel = 0; pixel < data.length; pixel++) if (rgba[4 * pixel + 3]! > 0) data[pixel] = label;
  }
  return { width: side, height: side, data };
}

/** Mean over the labels that occur of intersection over union, background included; all pictures pooled. */
export function meanIou(pairs: readonly (readonly [truth: LabelMap, found: LabelMap])[], labels: number): number {
  const [both, either] = [new Float64Array(labels), new Float64Array(labels)];
  for (const [truth, found] of pairs) {
    for (const [pixel, label] of truth.data.entries()) {
      const other = found.data[pixel]!;
      either[label]!++;
      if (label === other) both[label]!++;
      else either[other]!++;
    }
  }
  const values = [...both].map((count, label) => count / either[label]!).filter((value) => !Number.isNaN(value));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
