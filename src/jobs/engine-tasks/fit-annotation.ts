import type { CountingAnnotation } from '../../label-studio/annotations/counting-annotation.ts';
import type { LabelBox } from '../../label-studio/regions/boxes-of-regions.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { resizeLabelMap } from '../../masks/resize-label-map.ts';
import { labelsInFrame, shownSize } from '../../photos/photo-frame.ts';

/**
 * Size of a picture as it is annotated, in pixels. With a `side` it is a photograph: what is trained on is the square of so many pixels that it is fitted
 * into.
 */
export interface AnnotatedSize {
  readonly width: number;
  readonly height: number;
  readonly side?: number;
}

type Counted = NonNullable<CountingAnnotation['counted']>;

/** An annotation of a photograph at the size that the photograph has in its square; one of a generated picture is that size already. */
export function fittedAnnotation(counted: Counted, { width, height, side }: AnnotatedSize): Counted {
  if (side === undefined) return counted;
  const shown = shownSize({ width, height, side });
  const [across, down] = [shown.width / width, shown.height / height];
  const { labelMap, painted, boxes, keypoints } = counted;
  const resized = (map: LabelMap) => resizeLabelMap(map, shown.width, shown.height);
  return {
    ...counted,
    labelMap: resized(labelMap),
    painted: painted && {
      map: resized(painted.map),
      unpainted: resized({ ...painted.map, data: painted.unpainted }).data,
    },
    boxes: boxes.map(
      ({ label, left, top, right, bottom }): LabelBox => ({
        label,
        left: Math.floor(left * across),
        top: Math.floor(top * down),
        right: Math.min(shown.width, Math.ceil(right * across)),
        bottom: Math.min(shown.height, Math.ceil(bottom * down)),
      }),
    ),
    keypoints:
      keypoints === null ? null : keypoints.map((point) => point && { ...point, x: point.x * across, y: point.y * down }),
  };
}

/** Its final label map with the padding of the square; that of a generated picture as it is. */
export function paddedMap(map: LabelMap, { side }: Pick<AnnotatedSize, 'side'>): LabelMap {
  return side === undefined ? map : labelsInFrame(map, { width: map.width, height: map.height, side });
}
