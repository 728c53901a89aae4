import { expect, test } from 'vitest';
import { labelsWithoutStroke } from '../../../../src/jobs/training/labels-without-stroke.ts';

const labels = ['Background', 'Hair', 'Nose', 'Ear'];
const strokes = (...classes: number[]) => ({ summary: { sha256: '', classes, sparse: true as const } });
const full = (...classes: number[]) => ({ summary: { sha256: '', classes } });

test('labels that no picture names are told where there are strokes', () => {
  expect(labelsWithoutStroke(labels, [strokes(1), full(0, 1)])).toEqual([
    'no stroke names these labels yet, so they are not predicted: Nose, Ear',
  ]);
  expect(labelsWithoutStroke(labels, [strokes(0, 1), strokes(2, 3)])).toEqual([]);
});

test('full masks need not have every label', () => {
  expect(labelsWithoutStroke(labels, [full(0, 1)])).toEqual([]);
  expect(labelsWithoutStroke(labels, [])).toEqual([]);
});
