import { expect, test } from 'vitest';
import type { TrainedImage } from '../../../../../src/interpreter/versions/version.ts';
import { annotatedPictures } from '../../../../../src/jobs/datasets/plan/annotated-pictures.ts';

const annotated = (psi: number, cutoff: number | null): TrainedImage => ({
  image: { generator: 'g', seed: 1, class: null, psi, cutoff },
  annotation: '',
  sampledPixels: 1,
  labelPixels: [1],
});

test('psi and cutoff of the pictures that were annotated, where they agree on both', () => {
  const of = (...images: TrainedImage[]) => annotatedPictures({ images, classRule: 'none' }).truncation;
  expect(of(annotated(0.7, 8), annotated(0.7, 8))).toEqual({ psi: 0.7, cutoff: 8 });
  expect(of(annotated(1, null))).toEqual({ psi: 1, cutoff: null });
  expect(of(annotated(0.7, 8), annotated(0.7, null))).toBeUndefined();
  expect(of(annotated(0.7, 8), annotated(0.5, 8))).toBeUndefined();
  expect(of()).toBeUndefined();
});

test('the class rule that they were trained under', () => {
  const of = (classRule: string) => annotatedPictures({ images: [], classRule }).classes;
  expect([of('none'), of('"all"'), of('3'), of('[0,2]')]).toEqual([null, 'all', 3, [0, 2]]);
});
