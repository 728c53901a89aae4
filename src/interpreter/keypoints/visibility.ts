import type { MarkedKeypoints } from '../../keypoints/keypoint.ts';
import type { TrainingPeak } from './training-peaks.ts';

/** A keypoint is absent whose peak has less than this share of the height that it has where people marked it … */
const VISIBLE_SHARE = 0.5;
/** … and less than this where no annotated picture lacks it: so far nothing says that it can be absent. */
const ALWAYS_VISIBLE_SHARE = 0.35;

/**
 * From which height on a peak is a keypoint, by keypoint: a share of the mean height of its peaks in the training's pictures that show it.
 *
 * L2 makes heat an expectation: P(visible) times what the uncertainty of the place leaves of the peak. The second factor differs by keypoint (a chin is
 * vaguer than an eye) and by the number of pictures. It shows in the training's own pictures, since few steps do not learn them by heart: heights there and
 * in other pictures agree within a tenth. With pictures held out (one member a fold) precision and recall of absence were worse at every size.
 */
export function visibleFrom(
  pictures: readonly { readonly points: MarkedKeypoints; readonly peaks: readonly TrainingPeak[] }[],
): number[] {
  return pictures[0]!.points.map((_, k) => {
    const showing = pictures.filter(({ points }) => points[k] !== null);
    const share = showing.length < pictures.length ? VISIBLE_SHARE : ALWAYS_VISIBLE_SHARE;
    return (share * showing.reduce((sum, { peaks }) => sum + peaks[k]!.height, 0)) / showing.length;
  });
}
