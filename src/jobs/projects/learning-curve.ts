import type { LearningCurve, VersionSummary } from '../../api/answers.ts';
import { forecast } from '../../interpreter/versions/learning-curve.ts';

/** How many pictures more a forecast is for: about an hour of an annotator. */
const MORE = 8;

/**
 * Held-out mIoU by number of annotated pictures, ascending, each with what was to be expected after it. Of several versions with as many pictures the last
 * activated one counts. A forecast goes by the versions whose mean is over the same labels, since a mean over others is another figure.
 * @param versions the last activated first
 */
export function learningCurve(versions: readonly VersionSummary[]): LearningCurve {
  const byPictures = new Map<number, VersionSummary & { readonly mIoU: number }>();
  for (const { mIoU, ...version } of versions)
    if (mIoU !== null && !byPictures.has(version.annotatedImages)) byPictures.set(version.annotatedImages, { ...version, mIoU });
  const curve = [...byPictures.values()].sort((a, b) => a.annotatedImages - b.annotatedImages);
  return curve.map(({ id, annotatedImages, mIoU, mIoUOver }, index) => {
    const alike = curve.slice(0, index + 1).filter((other) => other.mIoUOver.join('\n') === mIoUOver.join('\n'));
    const points = alike.map((other) => ({ pictures: other.annotatedImages, mIoU: other.mIoU }));
    return { version: id, annotatedImages, mIoU, forecast: forecast(points, MORE) };
  });
}
