import { expect, test } from 'vitest';
import { exportKeypoints, exportPoints } from '../../../../../src/jobs/datasets/files/exported-keypoints.ts';

/** Pictures of 256 × 192 pixels, whose labels are twice as fine. */
const card = { resolution: 256, rows: { from: 32, to: 224 }, labelSize: { width: 512, height: 384 } };

test('points are brought to the size of the picture, by index; what the version does not see is absent', () => {
  const keypoints = [
    { keypoint: 2, x: 101, y: 50, score: 0.9, spread: 1 },
    { keypoint: 0, x: 1, y: 383, score: 0.5, spread: 3 },
  ];
  expect(exportPoints({ keypoints }, ['a', 'b', 'c'], card)).toEqual([
    { x: 0.5, y: 191.5, score: 0.5 },
    null,
    { x: 50.5, y: 25, score: 0.9 },
  ]);
  expect(exportPoints({ keypoints: [] }, ['a', 'b'], card)).toEqual([null, null]);
  expect(exportPoints({}, [], card)).toBeUndefined();
});

test("keypoints are the version's, joined as the label config says; those that it does not have are passed over", () => {
  const xml =
    '<View><Image name="i" value="$i"/><KeyPointLabels name="p" toName="i"><Label value="new" skeleton="a"/><Label value="b" skeleton="a,new"/></KeyPointLabels></View>';
  expect(exportKeypoints(['a', 'b'], xml)).toEqual({ names: ['a', 'b'], skeleton: [[1, 0]] });
});
