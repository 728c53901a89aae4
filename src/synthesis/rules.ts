import type { AnnotatedMap } from '../interpreter/sampling/annotation.ts';
import { labelledRegions } from '../interpreter/sampling/regions.ts';
import type { PredictedKeypoint } from '../keypoints/keypoint.ts';

/**
 * What a pair must be like to be delivered. Each rule looks at the pair alone, and its thresholds are frozen in the plan, so that the same plan
 * keeps the same pairs wherever and in whatever order they are made. Labels are indices into the version's labels; a rule that is left out asks nothing.
 * a_k: pixels of label k in the mask; A: pixels of the mask, ignored ones included.
 */
export interface Rules {
  /** Fewer pixels of a label, or in a piece of it, are a slip and count as none: 30·(side/512)², at least 4. */
  readonly leastPixels: number;
  /** Class missing: a_k >= leastPixels for each of these labels. */
  readonly present?: readonly number[];
  /** Keypoint missing: the version sees each of these keypoints, by its index. */
  readonly visible?: readonly number[];
  /** Class-area outlier: least <= a_k / A <= most for each of these labels that the mask shows (a_k >= leastPixels). */
  readonly areas?: readonly { readonly label: number; readonly least: number; readonly most: number }[];
  /** Component count: of each of these labels at most so many 4-connected pieces of at least leastPixels. */
  readonly pieces?: readonly { readonly label: number; readonly most: number }[];
  /** Nearest-annotated distance (nearest-annotated.ts) at most this; 0 is an annotated picture, 1 is as far as two random pictures are. */
  readonly nearest?: number;
}

export type RuleName = 'present' | 'visible' | 'areas' | 'pieces' | 'nearest';

/** The first rule that a pair breaks, and by which label or keypoint. */
export interface Breach {
  readonly rule: RuleName;
  /** null: the rule is about no label. */
  readonly label: number | null;
  /** Only of a rule about keypoints. */
  readonly keypoint?: number;
}

/** What the rules look at. */
export interface PairMeasures {
  /** Pixels of each label, by label index, ignored ones left out. */
  readonly areas: readonly number[];
  /** Pixels that are 255 in the mask; only where the plan has `ignoreAbove`. */
  readonly ignored?: number;
  /** Pieces of each label, by label index (countPieces); only where a rule asks. */
  readonly pieces?: readonly number[];
  /** Nearest-annotated distance; only where a rule asks. */
  readonly nearest?: number;
  /** Those that the picture shows, places in pixels of the label map; left out where the version has none. */
  readonly keypoints?: readonly PredictedKeypoint[];
}

/** The first rule that the pair breaks, in the order of Rules; undefined when it keeps them all. */
export function brokenRule(
  { areas, ignored = 0, pieces, nearest, keypoints = [] }: PairMeasures,
  rules: Rules,
): Breach | undefined {
  const pixels = areas.reduce((sum, area) => sum + area, ignored);
  const shows = (label: number) => areas[label]! >= rules.leastPixels;
  for (const label of rules.present ?? []) if (!shows(label)) return { rule: 'present', label };
  for (const wanted of rules.visible ?? [])
    if (!keypoints.some(({ keypoint }) => keypoint === wanted)) return { rule: 'visible', label: null, keypoint: wanted };
  for (const { label, least, most } of rules.areas ?? []) {
    const share = areas[label]! / pixels;
    if (shows(label) && (share < least || share > most)) return { rule: 'areas', label };
  }
  for (const { label, most } of rules.pieces ?? []) if (pieces![label]! > most) return { rule: 'pieces', label };
  if (rules.nearest !== undefined && nearest! > rules.nearest) return { rule: 'nearest', label: null };
  return undefined;
}

export function passesRules(record: PairMeasures, rules: Rules | undefined): boolean {
  return rules === undefined || brokenRule(record, rules) === undefined;
}

/** 4-connected pieces of each label that have at least `leastPixels` pixels, by label index. */
export function countPieces(map: AnnotatedMap, labels: number, leastPixels: number): number[] {
  const { count, region } = labelledRegions(map);
  const sizes = new Uint32Array(count);
  const labelOf = new Uint8Array(count);
  for (let pixel = 0; pixel < region.length; pixel++) {
    const piece = region[pixel]!;
    if (piece < 0) continue;
    sizes[piece]!++;
    labelOf[piece] = map.data[pixel]!;
  }
  const pieces = new Array<number>(labels).fill(0);
  for (const [piece, size] of sizes.entries()) if (size >= leastPixels) pieces[labelOf[piece]!]!++;
  return pieces;
}
