import type { KeypointCurve } from '../../api/answers.ts';
import type { CurvePoint } from './project-view.ts';

/**
 * How well keypoints are found in held-out pictures, by number of annotated pictures, ascending.
 * @param versions one for each number of annotated pictures, ascending
 */
export function keypointCurve(versions: readonly CurvePoint[]): KeypointCurve {
  return versions.flatMap(({ id, annotatedImages, pck, keypointErrors }) =>
    pck === undefined || pck === null || keypointErrors === undefined
      ? []
      : [{ version: id, annotatedImages, pck, keypoints: keypointErrors }],
  );
}
