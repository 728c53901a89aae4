import { expect, test } from 'vitest';
import { keypointSkeleton } from '../../../src/label-studio/label-config/keypoint-skeleton.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';

const configOf = (labels: string) =>
  `<View><Image name="image" value="$image"/><KeyPointLabels name="points" toName="image">${labels}</KeyPointLabels></View>`;

const read = (labels: string) => keypointSkeleton(configOf(labels), parseLabelConfig(configOf(labels)));

test('a label names the keypoints that a line joins it to, by value or alias; each pair counts once', () => {
  expect(
    read(
      `<Label value="nose" skeleton="left eye,  right eye,"/><Label value="left eye" skeleton="nose, ear"/><Label value="right eye"/><Label value="Left ear" alias="ear" skeleton="Left ear"/>`,
    ),
  ).toEqual({
    joined: [
      [0, 1],
      [0, 2],
      [1, 3],
    ],
    unknown: [],
  });
});

test('a name that is no keypoint is told', () => {
  expect(read('<Label value="nose" skeleton="tail, tail, chin"/><Label value="chin"/>')).toEqual({
    joined: [[0, 1]],
    unknown: ['tail'],
  });
});

test('without the attribute nothing is joined', () => {
  expect(read('<Label value="nose"/><Label value="chin"/>')).toEqual({ joined: [], unknown: [] });
});
