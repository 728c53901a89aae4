import { engineTask } from '../../engine/task.ts';
import { type AnnotationSummary, summariseAnnotation } from '../../interpreter/versions/version-id.ts';
import {
  type Painted,
  type ReadUnpainted,
  readUnpainted,
  type Unpainted,
} from '../../label-studio/annotations/read-unpainted.ts';
import { resizePicture } from '../../masks/resize-picture.ts';
import type { RgbPicture } from '../../masks/rgb-picture.ts';
import { type AnnotatedSize, paddedMap } from './fit-annotation.ts';

export interface LookedAt extends ReadUnpainted {
  readonly summary: AnnotationSummary;
}

/** What the unpainted pixels of an annotation mean, by its picture (readUnpainted), as its final label map; `labels` is their number. */
export function lookAtPicture(input: {
  readonly painted: Painted;
  readonly picture: RgbPicture;
  readonly unpainted: Exclude<Unpainted, 'background'>;
  readonly labels: number;
  readonly size: Pick<AnnotatedSize, 'side'>;
}): LookedAt {
  const { painted, picture, unpainted, labels, size } = input;
  const { map: read, note } = readUnpainted(painted, resizePicture(picture, painted.map.width, painted.map.height), unpainted);
  const map = paddedMap(read, size);
  return { map, note, summary: summariseAnnotation(map, labels) };
}
export const lookAtPictureTask = engineTask(import.meta.url, lookAtPicture);
