import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import { resizeLabelMap } from '../../masks/resize-label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { regionMasks } from './region-masks.ts';
import { regionsOfLabelMap } from './regions-of-label-map.ts';

/** The prediction an annotation began as: its label map, or its `result` as Label Studio has it. */
export type Reference = LabelMap | readonly unknown[];

export interface DecodedRegions {
  readonly map: LabelMap;
  /** What was left out or read leniently, one line each, no line twice. */
  readonly notes: readonly string[];
}

/**
 * The label map of an annotation's `result`. A pixel without a region is background (0), or UNKNOWN in a sparse config; one whose only region has a
 * label that the config does not have is UNKNOWN.
 *
 * Correcting a prediction leaves pixels in two regions: whoever paints hair over a predicted face adds to one and takes nothing from the other, and the
 * order of the regions says nothing about it. So a pixel belongs to the label to which the annotator added it: set in the annotation, not set for
 * that label in the reference. Among several such labels, and where there is none or no reference, the later region in `result` wins.
 *
 * @param width, height size of the picture in pixels, which every mask must have
 * @throws DatasetGanError `bad-annotation`
 */
export async function labelMapOfRegions(
  result: unknown,
  config: LabelConfig,
  width: number,
  height: number,
  reference?: Reference,
): Promise<DecodedRegions> {
  const notes = new Set<string>();
  const predicted = reference === undefined ? undefined : await predictedIn(reference, config, width, height);
  // Label + 1 of the region that wins so far, 0 for none: among all regions, and among those to which the pixel was added.
  const last = new Uint16Array(width * height);
  const added = new Uint16Array(predicted === undefined ? 0 : last.length);
  for await (const { label, mask, from } of regionMasks(result, config, width, height, (text) => notes.add(text))) {
    const isPredicted = predicted?.(label);
    for (let pixel = 0; pixel < mask.length; pixel++) {
      if (mask[pixel]! < from) continue;
      last[pixel] = label + 1;
      if (isPredicted?.(pixel) === false) added[pixel] = label + 1;
    }
  }
  const unlabelled = config.sparse ? UNKNOWN : 0;
  const data = new Uint8Array(last.length);
  for (let pixel = 0; pixel < data.length; pixel++) {
    const winner = added[pixel] || last[pixel]!;
    data[pixel] = winner === 0 ? unlabelled : winner - 1;
  }
  return { map: { width, height, data }, notes: [...notes] };
}

type Predicted = (label: number) => (pixel: number) => boolean;

/** For a label: whether a pixel was in it in the reference. */
async function predictedIn(reference: Reference, config: LabelConfig, width: number, height: number): Promise<Predicted> {
  if ('data' in reference) {
    // Polygons are drawn over one another, so there the map alone does not say which labels a pixel was in.
    if (config.controlType === 'polygonlabels') {
      return predictedIn(regionsOfLabelMap(config, reference, { version: '', width, height }), config, width, height);
    }
    const { data } = resizeLabelMap(reference, width, height);
    return (label) => (pixel) => data[pixel] === label;
  }
  const byLabel = new Map<number, Uint8Array>();
  for await (const { label, mask, from } of regionMasks(reference, config, width, height)) {
    const set = byLabel.get(label) ?? new Uint8Array(width * height);
    byLabel.set(label, set);
    for (let pixel = 0; pixel < mask.length; pixel++) if (mask[pixel]! >= from) set[pixel] = 1;
  }
  return (label) => {
    const set = byLabel.get(label);
    return (pixel) => set?.[pixel] === 1;
  };
}
