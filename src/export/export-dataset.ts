import type { MarkedPoint } from '../keypoints/keypoint.ts';
import type { Colour } from './palette.ts';

/** What all formats are written from: labels, origin, and the pairs as a stream. Knows nothing of jobs, databases or Label Studio. */
export interface ExportDataset {
  /** Also the name of archives: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly title: string;
  /** Value of a mask's pixel → label; [0] is the background, and alone where there are no masks. 255 in a mask is not a label: the pixel is to be ignored. */
  readonly labels: readonly string[];
  /** Left out where there are none. */
  readonly keypoints?: ExportKeypoints | undefined;
  /** By label. */
  readonly colours: readonly Colour[];
  readonly origin: ExportOrigin;
  /** Kinds of the values in `facts` of every pair, by key, in order; for formats with typed columns. */
  readonly factKinds: Readonly<Record<string, FactKind>>;
  /** Pairs that `pairs` will give; null: not known before. */
  readonly count: number | null;
  /** Share of the pairs that is for validation, 0 … 0.5. */
  readonly validation: number;
  /** For the format `label-studio`: label config, and who drew the masks. */
  readonly labelling: {
    readonly config: string;
    /** Version whose predictions they are; null: human annotations. */
    readonly version: string | null;
  };
  /** `dataset.json` in pieces; undefined where there is none. */
  readonly provenance?: () => AsyncIterable<string>;
  /** A report of it as one HTML page; undefined where there is none. */
  readonly report?: () => Promise<string>;
  /** Each call starts from the beginning. */
  pairs(): AsyncIterable<ExportPair>;
}

/** What the keypoints of a dataset's pictures are. */
export interface ExportKeypoints {
  /** By index. */
  readonly names: readonly string[];
  /** Indices of keypoints that a line joins. */
  readonly skeleton: readonly (readonly [from: number, to: number])[];
}

/** A keypoint of a picture, in pixels of the picture; the centre of the top-left pixel is (0.5, 0.5). */
export interface ExportKeypoint extends MarkedPoint {
  /** 0 … 1, low = uncertain; left out where a person put it. */
  readonly score?: number;
}

/** One picture, its mask and its keypoints. */
export interface ExportPair {
  /** Its files' name without ending, unique in the dataset: `seed-1000000`. */
  readonly name: string;
  /** The picture's file, as it is. */
  readonly image: Uint8Array;
  readonly extension: 'png' | 'jpg' | 'webp';
  readonly width: number;
  readonly height: number;
  /** Index PNG of the picture's size. Of a dataset without masks it says nothing. */
  readonly mask: Uint8Array;
  /** By keypoint index; null: it is absent. Left out where nothing is known of the picture's keypoints. */
  readonly keypoints?: readonly (ExportKeypoint | null)[] | undefined;
  /** Which pixels of a label are one object (encodeObjectMap). Left out: each connected piece of a label is one. */
  readonly objects?: Uint8Array | undefined;
  /** What decides its split; the same pair is in the same split of every export. */
  readonly key: string;
  /** What is known of it besides, such as seed, class and uncertainty, or its task: a value or null for every key of `factKinds`. */
  readonly facts: Readonly<Record<string, number | string | null>>;
}

export type FactKind = 'integer' | 'number' | 'text';

/** Where a dataset comes from, for its card. */
export interface ExportOrigin {
  /** One paragraph in words. */
  readonly summary: string;
  /** In words, or an SPDX identifier. The pictures of a generator are under the licence of its weights. */
  readonly licence: string;
  /** null: not known. */
  readonly commercialUse: boolean | null;
  /** What else must be known before use. */
  readonly note: string;
  /** `name → value` lines: generator, version, seeds, psi, filter. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** `name → value` lines: held-out mIoU, IoU by label, uncertainty. Asked when all pairs were given. */
  quality(): readonly (readonly [name: string, value: string])[];
  readonly synthetic: boolean;
}
