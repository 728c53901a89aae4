/** A place in a picture, in pixels of its label map; the centre of the top-left pixel is (0.5, 0.5). */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where somebody put a keypoint. */
export interface MarkedPoint extends Point {
  /** It is there, but something hides it. */
  readonly occluded?: true;
}

/** An annotated picture's keypoints, by the keypoint's index; null: it is absent from the picture. */
export type MarkedKeypoints = readonly (MarkedPoint | null)[];

/** A keypoint that a version sees in a picture. */
export interface PredictedKeypoint extends Point {
  /** Index into the version's keypoints. */
  readonly keypoint: number;
  /** 0 … 1, low = uncertain. */
  readonly score: number;
  /** How far the members disagree, in pixels: root mean square distance of their own peaks from the mean of these. */
  readonly spread: number;
}
