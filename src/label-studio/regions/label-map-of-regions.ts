import { type LabelMap, UNKNOWN } from '../../masks/label-map.ts';
import { resizeLabelMap } from '../../masks/resize-label-map.ts';
import type { LabelConfig } from '../label-config/label-config.ts';
import { regionMasks } from './region-masks.ts';
import { collectReport } from './region-report.ts';
import { regionsOfLabelMap } from './regions-of-label-map.ts';

/** The prediction an annotation began as: its label map, or its `result` as Label Studio has it. */
export type Reference = LabelMap | readonly unknown[];

export interface DecodedRegions {
  /** The label of a pixel where a region is painted; UNKNOWN where none is, and where its label is not in the config. */
  readonly map: LabelMap;
  /** Number of the region that a pixel belongs to, as counted by what can be read: 1 …; 0 where nothing is painted. Row-major as the map. */
  readonly regions: Uint32Array;
  /** By number: how messages name the region; [0] is none. */
  readonly names: readonly string[];
  /** Whether a region was ignored whose pixels cannot be told: a pixel where nothing is painted may then be of any label. */
  readonly lost: boolean;
  /** What was ignored or read leniently, one line each, no line twice. */
  readonly notes: readonly string[];
}

/**
 * The label map of an annotation's `result`: what is painted. What an unpainted pixel means is for the caller to say (unpaintedAsBackground).
 *
 * Correcting a prediction leaves pixels in two regions: whoever paints hair over a predicted face adds to one and takes nothing from the other, and the
 * order of the regions says nothing about it. So a pixel belongs to the label to which the annotator added it: set in the annotation, not set for
 * that label in the reference. Among several such labels, and where there is none or no reference, the later region in `result` wins.
 *
 * Label Studio stores any result unchecked: a region that cannot be read is noted and ignored, and the others count.
 *
 * @param width, height size of the picture in pixels, which every mask must have
 * @throws DatasetGanError `bad-annotation` when `result` is not a list
 */
export async function labelMapOfRegions(
  result: unknown,
  config: LabelConfig,
  width: number,
  height: number,
  reference?: Reference,
): Promise<DecodedRegions> {
  const report = collectReport();
  const predicted = reference === undefined ? undefined : await predictedIn(reference, config, width, height);
  // Number of the region that wins so far: among all regions, and among those to which the pixel was added.
  const last = new Uint32Array(width * height);
  const added = new Uint32Array(predicted === undefined ? 0 : last.length);
  const labels = [UNKNOWN];
  const names = [''];
  for await (const { label, name, mask, start, from } of regionMasks(result, config, width, height, report)) {
    const isPredicted = predicted?.(label);
    const region = labels.push(label) - 1;
    names.push(name);
    for (let i = 0, pixel = start; i < mask.length; i++, pixel++) {
      if (mask[i]! < from) continue;
      last[pixel] = region;
      if (isPredicted?.(pixel) === false) added[pixel] = region;
    }
  }
  const data = new Uint8Array(last.length);
  for (let pixel = 0; pixel < data.length; pixel++) {
    const winner = added[pixel] || last[pixel]!;
    last[pixel] = winner;
    data[pixel] = labels[winner]!;
  }
  const { lost, notes } = report;
  return { map: { width, height, data }, regions: last, names, lost, notes };
}

type Predicted = (label: number) => (pixel: number) => boolean;

/** For a label: whether a pixel was in it in the reference. */
async function predictedIn(reference: Reference, config: LabelConfig, width: number, height: number): Promise<Predicted> {
  if ('data' in reference) {
    // Polygons are drawn over one another, so there the map alone does not say which labels a pixel was in.
    if (config.controls.some(({ type }) => type === 'polygonlabels')) {
      return predictedIn(regionsOfLabelMap(config, reference, { version: '', width, height }), config, width, height);
    }
    const { data } = resizeLabelMap(reference, width, height);
    return (label) => (pixel) => data[pixel] === label;
  }
  const byLabel = new Map<number, Uint8Array>();
  for await (const { label, mask, start, from } of regionMasks(reference, config, width, height)) {
    const set = byLabel.get(label) ?? new Uint8Array(width * height);
    byLabel.set(label, set);
    for (let i = 0; i < mask.length; i++) if (mask[i]! >= from) set[start + i] = 1;
  }
  return (label) => {
    const set = byLabel.get(label);
    return (pixel) => set?.[pixel] === 1;
  };
}
