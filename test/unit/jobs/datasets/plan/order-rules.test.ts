import { expect, test } from 'vitest';
import { planRules } from '../../../../../src/jobs/datasets/plan/order-rules.ts';

const size = { width: 10, height: 10 };
const picture = (...labelPixels: number[]) => ({ labelPixels }) as never;
const version = {
  id: 'dg-1',
  labels: ['Background', 'Hair', 'Face', 'Hat'],
  annotatedLabels: [0, 1, 2],
  images: [picture(60, 10, 30, 0), picture(80, 0, 20, 0)],
};
const rules = (order: Parameters<typeof planRules>[0], sparse = false) => planRules(order, version, size, sparse);

test('labels become indices, and thresholds numbers', () => {
  expect(rules({})).toEqual({ leastPixels: 4 });
  expect(planRules({}, version, { width: 512, height: 384 }, false)).toEqual({ leastPixels: 30 });
  expect(rules({ present: ['Face', 'Background'], pieces: { Hair: 2 }, nearest: 1.5 })).toEqual({
    leastPixels: 4,
    present: [2, 0],
    pieces: [{ label: 1, most: 2 }],
    nearest: 1.5,
  });
});

test('one number of pieces is for every annotated label but the background', () => {
  expect(rules({ pieces: 3 }).pieces).toEqual([
    { label: 1, most: 3 },
    { label: 2, most: 3 },
  ]);
});

test('areaFactor widens what was annotated, where it was shown; a range that is given goes before it', () => {
  expect(rules({ areaFactor: 2 }).areas).toEqual([
    { label: 0, least: 0.3, most: 1 },
    { label: 1, least: 0.05, most: 0.2 },
    { label: 2, least: 0.1, most: 0.6 },
  ]);
  expect(rules({ areaFactor: 2, areas: { Hair: [0.01, 0.5] } }).areas).toContainEqual({ label: 1, least: 0.01, most: 0.5 });
});

test('pictures with boxes say nothing of areas', () => {
  const boxed = { labelPixels: [20, 1, 0, 0], boxes: [{ label: 2, left: 0, top: 0, right: 8, bottom: 10 }] } as never;
  const withBoxes = { ...version, images: [...version.images, boxed] };
  expect(planRules({ areaFactor: 2 }, withBoxes, size, false)).toEqual(rules({ areaFactor: 2 }));
});

const pointed = {
  ...version,
  keypoints: { names: ['nose', 'Face', 'left ear'], annotatedKeypoints: [0, 1], sigma: 5, thresholds: [] } as never,
};

test('keypoints are named as labels are; a name of both means both', () => {
  expect(planRules({ present: ['nose', 'Hair', 'Hair'] }, pointed, size, false)).toEqual({
    leastPixels: 4,
    present: [1],
    visible: [0],
  });
  expect(planRules({ present: ['Face'] }, pointed, size, false)).toEqual({ leastPixels: 4, present: [2], visible: [1] });
  expect(planRules({ present: ['nose'] }, pointed, size, false)).toEqual({ leastPixels: 4, visible: [0] });
});

test.each([
  [
    { present: ['noze'] },
    "Version dg-1 has no label or keypoint 'noze'.",
    "Did you mean 'nose'? Its labels are: Background, Hair, Face, Hat. Its keypoints are: nose, Face, left ear.",
  ],
  [
    { present: ['left ear'] },
    "No picture can show the keypoint 'left ear': version dg-1 was trained without it.",
    'Annotate this keypoint, or remove it from the order.',
  ],
  [{ pieces: { nose: 1 } }, "'nose' is a keypoint: it has no area and no pieces.", "Name it in 'present', or name a label."],
] as const)('of a version with keypoints, %j → %s', (order, message, fix) => {
  expect(() => planRules(order, pointed, size, false)).toThrow(expect.objectContaining({ message, fix }) as Error);
});

test.each([
  [{ present: ['Beard'] }, "Version dg-1 has no label 'Beard'."],
  [{ areas: { hair: [0, 1] } }, "Version dg-1 has no label 'hair'."],
  [{ pieces: { Beard: 1 } }, "Version dg-1 has no label 'Beard'."],
  [{ present: ['Hat'] }, "No mask can show 'Hat': version dg-1 was trained without it."],
  [{ areas: { Hair: [0.5, 0.1] } }, "The minimum area of 'Hair' is larger than the maximum."],
] as const)('%j → %s', (order, message) => {
  expect(() => rules(order)).toThrow(message);
});

test('where unlabelled pixels are unknown, annotated areas say nothing', () => {
  expect(() => rules({ areaFactor: 2 }, true)).toThrow('only some pixels are annotated');
});
