import type { FormatName } from '../export/format-names.ts';

/** Forms of a region in Label Studio. */
export const REGION_FORMS = ['brush', 'bitmask', 'polygons'] as const;
export type RegionForm = (typeof REGION_FORMS)[number];

/** What becomes of a region that we bring into Label Studio. */
export const PUSHED_AS = ['predictions', 'annotations'] as const;
export type PushedAs = (typeof PUSHED_AS)[number];

/** A new project, only files, or the Label Studio project of that number. */
export type Destination = 'new' | 'files' | number;

/** What was ordered and does not decide which pairs there are: `datasets.options`. */
export interface DatasetOptions {
  readonly destination: Destination;
  /** Without repetitions; [] makes no files. */
  readonly formats: readonly FormatName[];
  readonly push: PushedAs;
  /** Left out: as the destination's label config asks for. */
  readonly regions?: RegionForm;
}

export const DEFAULT_OPTIONS: DatasetOptions = { destination: 'new', formats: ['index-png'], push: 'predictions' };

/** What an order says of them. */
export function orderOptions({ destination, formats, push, regions }: Partial<DatasetOptions>): DatasetOptions {
  return {
    destination: destination ?? DEFAULT_OPTIONS.destination,
    formats: formats ?? DEFAULT_OPTIONS.formats,
    push: push ?? DEFAULT_OPTIONS.push,
    ...(regions === undefined ? {} : { regions }),
  };
}
