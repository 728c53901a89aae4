import { expect, test } from 'vitest';
import { flipIndex } from '../../../src/keypoints/flip-index.ts';

test.each([
  ['as COCO names them', ['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear'], [0, 2, 1, 4, 3]],
  ['the side at the end', ['Eye, right', 'Eye, left', 'Mouth'], [1, 0, 2]],
  ['as one letter', ['ear L', 'ear R', 'tail'], [1, 0, 2]],
  ['in capitals in the middle of a word', ['leftEye', 'rightEye', 'earL', 'earR'], [1, 0, 3, 2]],
  ['several of one side', ['left wheel 1', 'left wheel 2', 'right wheel 1', 'right wheel 2'], [2, 3, 0, 1]],
  ['joined to another word', ['snout', 'leftear', 'RightEar', 'bright'], [0, 2, 1, 3]],
  ['in other letters beside it', ['左 left', '左 right'], [1, 0]],
])('left and right change places: %s', (_, names, flipped) => {
  expect(flipIndex(names)).toEqual(flipped);
});

test.each([
  ['no side is named', ['nose', 'tail', 'leftover', 'bright']],
  ['a side has no partner', ['left eye', 'nose']],
  ['two keypoints have the same words', ['left eye', 'Left_Eye', 'right eye']],
  ['nobody has a name', []],
])('it is not known what a mirrored picture shows where %s', (_, names) => {
  expect(flipIndex(names)).toBeUndefined();
});
