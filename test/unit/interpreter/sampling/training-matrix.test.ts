import { expect, test } from 'vitest';
import { featureLayout } from '../../../../src/interpreter/features/feature-layout.ts';
import { emptyMatrix, everyNthRow, fillRows, scaleColumns } from '../../../../src/interpreter/sampling/training-matrix.ts';
import { wholePicture } from '../../../support/whole-picture.ts';

test('each column is multiplied by its factor', () => {
  const matrix = emptyMatrix(2, 258);
  fillRows(
    matrix,
    0,
    Float32Array.from({ length: 516 }, (_, i) => i),
  );
  scaleColumns(
    matrix,
    Float64Array.from({ length: 258 }, (_, d) => (d === 257 ? 3 : d === 1 ? 2 : 1)),
  );
  const { blocks } = matrix;
  expect([...blocks[0]!.subarray(0, 3), ...blocks[0]!.subarray(256, 259)]).toEqual([0, 2, 2, 258, 518, 260]);
  expect([...blocks[1]!]).toEqual([256, 771, 514, 1545]);
});

test('levels ascend, and a level holds its taps in the order of the generator', () => {
  const mixed = featureLayout(
    [
      { name: 'a', channels: 2, resolution: 8 },
      { name: 'b', channels: 3, resolution: 4 },
      { name: 'c', channels: 4, resolution: 8 },
    ],
    wholePicture(8),
  );
  expect(mixed.dims).toBe(9);
  expect(
    mixed.levels.map(({ resolution, channels, offset, taps }) => [resolution, channels, offset, taps.map(({ name }) => name)]),
  ).toEqual([
    [4, 3, 0, ['b']],
    [8, 6, 3, ['a', 'c']],
  ]);
});

test('every n-th row keeps its features, label and image', () => {
  const matrix = emptyMatrix(5, 300);
  fillRows(
    matrix,
    0,
    Float32Array.from({ length: 1500 }, (_, i) => i),
  );
  matrix.labels.set([1, 2, 3, 4, 5]);
  matrix.images.set([0, 0, 1, 1, 2]);
  const { rows, labels, images, blocks } = everyNthRow(matrix, Int32Array.of(0, 1, 2, 3, 4), 2);
  expect({ rows, labels: [...labels], images: [...images] }).toEqual({ rows: 3, labels: [1, 3, 5], images: [0, 1, 2] });
  expect(blocks.map((block) => block[block.length / 3])).toEqual([600, 856]);
});
