import type { MaskControl } from '../label-config/label-config.ts';
import { readResultEntry } from './result-entry.ts';

/** A region of a prediction, with every key that Label Studio's editor reads. */
export interface PredictedRegion {
  readonly id: string;
  readonly from_name: string;
  readonly to_name: string;
  readonly type: MaskControl | 'keypointlabels';
  readonly origin: 'prediction';
  readonly original_width: number;
  readonly original_height: number;
  readonly image_rotation: 0;
  /** 0 … 1; the editor's list of regions shows it. */
  readonly score?: number;
  readonly value:
    | { readonly format: 'rle'; readonly rle: readonly number[]; readonly brushlabels: readonly [string] }
    | {
        /** Per cent of the picture's width and height. */
        readonly points: readonly (readonly [x: number, y: number])[];
        readonly closed: true;
        readonly polygonlabels: readonly [string];
      }
    | { readonly imageDataURL: string; readonly bitmasklabels: readonly [string] }
    | {
        /** Per cent of the picture's width and height. */
        readonly x: number;
        readonly y: number;
        /** Per cent of the picture's width: how large the editor draws it. */
        readonly width: number;
        readonly keypointlabels: readonly [string];
      };
}

export interface RegionOptions {
  /** The version that predicted; goes into the ids of the regions. */
  readonly version: string;
  /** Size of the picture, when the label map has another one. The editor draws a mask of another size sheared. */
  readonly width?: number;
  readonly height?: number;
}

/** Names the version a region came from, whatever becomes of the prediction's row: the editor keeps the ids of regions it copies into an annotation. */
export const regionId = (version: string, label: number, piece?: number): string =>
  [version, label, piece].filter((part) => part !== undefined).join('.');

/** As regionId, of a keypoint: none of a mask is the same. */
export const keypointId = (version: string, keypoint: number): string => `${version}.k${keypoint}`;

/** The version whose prediction an annotation began as, by the ids of its regions; null when it was drawn from nothing. */
export function versionOfRegions(result: unknown): string | null {
  if (!Array.isArray(result)) return null;
  for (const [index, entry] of (result as unknown[]).entries()) {
    const version = /^(dg-[0-9a-f]{12})\.(\d+(\.\d+)?|k\d+)$/.exec(readResultEntry(entry, index)?.id ?? '')?.[1];
    if (version !== undefined) return version;
  }
  return null;
}
