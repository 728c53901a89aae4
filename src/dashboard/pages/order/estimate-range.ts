import type { OrderEstimate } from '../../../api/answers.ts';

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Seconds that an order takes in all: if every picture meets the rules, and if so many fail that the limit of candidates is reached. */
export function secondsRange({ seconds, candidates, mostCandidates }: OrderEstimate): Range {
  const delivery = seconds.project + seconds.files;
  return { least: seconds.pairs + delivery, most: seconds.pairs * (mostCandidates / candidates) + delivery };
}

/** Whether the disk has so much less than twice the room that a reader should think about it. */
export function isTight({ bytes, bytesFree }: OrderEstimate): boolean {
  return bytesFree !== null && bytes > bytesFree / 2;
}
