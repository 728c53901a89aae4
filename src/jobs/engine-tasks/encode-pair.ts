import { type EngineContext, engineTask } from '../../engine/task.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { encodeIndexPng, encodeRgbPng } from '../../masks/png/png.ts';
import type { Picture } from '../../stylegan/picture.ts';

export interface EncodedPair {
  /** RGB PNG. */
  readonly image: Uint8Array;
  /** Index PNG. */
  readonly mask: Uint8Array;
}

/** The files of a pair. */
export async function encodePair(
  { picture, mask }: { picture: Picture; mask: LabelMap },
  context: EngineContext,
): Promise<EncodedPair> {
  const { rgb, width, height } = picture;
  const [image, labels] = await Promise.all([encodeRgbPng(rgb, width, height), encodeIndexPng(mask)]);
  return { image: context.transfer(image), mask: context.transfer(labels) };
}
export const encodePairTask = engineTask(import.meta.url, encodePair);
