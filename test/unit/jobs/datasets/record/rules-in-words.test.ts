import { expect, test } from 'vitest';
import { rulesInWords } from '../../../../../src/jobs/datasets/record/rules-in-words.ts';

test('each rule of an order is said in one sentence', () => {
  const rules = {
    leastPixels: 4,
    present: [1, 2],
    areas: [{ label: 1, least: 0.0123456, most: 0.5 }],
    pieces: [
      { label: 2, most: 1 },
      { label: 1, most: 3 },
    ],
    nearest: 1.2,
  };
  expect(rulesInWords(rules, ['Background', 'Hair', 'Face'])).toEqual([
    'Every mask contains Hair, Face.',
    'Hair, where it is present, covers 1.23 % to 50 % of the picture.',
    'Face is in at most 1 piece.',
    'Hair is in at most 3 pieces.',
    'The nearest annotated picture is at most 1.2 away (1 is the distance of two random pictures).',
  ]);
  expect(rulesInWords({ leastPixels: 4, visible: [1, 0] }, ['Background'], ['nose', 'chin'])).toEqual([
    'Every picture shows the keypoints chin, nose.',
  ]);
  expect(rulesInWords(undefined, [])).toEqual([]);
});
