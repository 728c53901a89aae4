import { createHash } from 'node:crypto';

export const SPLITS = ['train', 'val'] as const;
export type Split = (typeof SPLITS)[number];

/** How many pairs each split has. */
export type SplitCounts = Readonly<Record<Split, number>>;

export const DEFAULT_VALIDATION = 0.1;

/**
 * Which split a pair belongs to: `val` where the first 32 bits of sha256(key), as a share of 2^32, are below `validation`. Decided by the pair
 * alone, so that it is in the same split in every format, and stays there when the dataset is extended.
 */
export function splitOf(key: string, validation: number): Split {
  const share = createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
  return share < validation ? 'val' : 'train';
}
