import { expect, test } from 'vitest';
import { figuresOf } from '../../../../src/jobs/projects/project-figures.ts';

test('uncertainty of all pictures; areas of those in which the label is seen, where they were kept', () => {
  const figures = figuresOf(
    ['Background', 'Hair', 'Hat'],
    [
      { js: 0, areas: [50, 50, 0] },
      { js: 0.2, areas: [75, 25, 0] },
      { js: 0.2, areas: [100, 0, 0] },
      { js: 0.1, areas: null },
    ],
  );
  expect(figures.pictures).toBe(4);
  const { counts, width } = figures.uncertainty;
  expect([counts[0], counts.at(-1)]).toEqual([1, 2]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(4);
  expect(width * counts.length).toBeCloseTo(0.2);
  expect(figures.areas.map(({ label, pictures, mean }) => [label, pictures, mean])).toEqual([
    ['Background', 3, 0.75],
    ['Hair', 2, 0.375],
    ['Hat', 0, null],
  ]);
  expect(figures.areas[2]!.histogram.counts).toEqual([]);
});

test('no prediction, and predictions without any uncertainty', () => {
  expect(figuresOf(['a'], [])).toMatchObject({ pictures: 0, uncertainty: { counts: [] } });
  expect(figuresOf(['a'], [{ js: 0, areas: [4] }])).toMatchObject({ pictures: 1, uncertainty: { counts: [1] } });
});
