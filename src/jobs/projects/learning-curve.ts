import type { LearningCurve } from '../../api/answers.ts';
import { forecast } from '../../interpreter/versions/learning-curve.ts';
import type { CurvePoint } from './project-view.ts';

/** How many pictures more a forecast is for: about an hour of an annotator. */
const MORE = 8;

/**
 * Held-out mIoU and IoU by number of annotated pictures, ascending, and at the last point what is to be expected after it. The forecast goes by the
 * versions whose mean is over the same labels, since a mean over others is another figure.
 * @param versions one for each number of annotated pictures, ascending
 */
export function learningCurve(versions: readonly CurvePoint[]): LearningCurve {
  const measured = versions.flatMap(({ mIoU, ...version }) => (mIoU === null ? [] : [{ ...version, mIoU }]));
  return measured.map(({ id, annotatedImages, mIoU, mIoUOver, iou }, index) => {
    const last = index === measured.length - 1;
    const alike = last ? measured.filter((other) => other.mIoUOver.join('\n') === mIoUOver.join('\n')) : [];
    const points = alike.map((other) => ({ pictures: other.annotatedImages, mIoU: other.mIoU }));
    return { version: id, annotatedImages, mIoU, iou, forecast: last ? forecast(points, MORE) : null };
  });
}
