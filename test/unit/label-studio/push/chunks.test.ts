import { describe, expect, it } from 'vitest';
import { taskIdentity } from '../../../../src/label-studio/annotations/task-meta.ts';
import { chunks } from '../../../../src/label-studio/push/chunks.ts';

const cut = (sizes: number[], bytes: number, count: number) => [...chunks(sizes, (size) => size, { bytes, count })];

describe('chunks', () => {
  it('cuts by bytes, keeping the order', () => {
    expect(cut([4, 4, 4, 4, 4], 10, 100)).toEqual([[4, 4], [4, 4], [4]]);
    expect(cut([10, 1, 9, 2], 10, 100)).toEqual([[10], [1, 9], [2]]);
  });

  it('cuts by count', () => {
    expect(cut([1, 1, 1, 1, 1], 100, 2)).toEqual([[1, 1], [1, 1], [1]]);
  });

  it('gives an item that is too large a chunk of its own', () => {
    expect(cut([1, 50, 1], 10, 100)).toEqual([[1], [50], [1]]);
    expect(cut([], 10, 10)).toEqual([]);
  });
});

describe('task identity', () => {
  const picture = { generator: 'sha', seed: 3, class: null, psi: 0.7, cutoff: null };

  it('is the picture and the dataset, not the version', () => {
    const same = [picture, { ...picture, version: 'dg-1' }];
    expect(new Set(same.map(taskIdentity)).size).toBe(1);
    const different = [
      picture,
      { ...picture, seed: 4 },
      { ...picture, psi: 1 },
      { ...picture, cutoff: 4 },
      { ...picture, class: 0 },
      { ...picture, generator: 'other' },
      { ...picture, dataset: 'd' },
    ];
    expect(new Set(different.map(taskIdentity)).size).toBe(different.length);
  });
});
