import { expect, test } from 'vitest';
import { labelledRegions } from '../../../../src/interpreter/sampling/regions.ts';

const picture = (...rows: string[]) => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.join(''), (c) => (c === '.' ? 255 : Number(c))),
});

test('regions are 4-connected, numbered by their first pixel; unlabelled pixels belong to none', () => {
  const { count, region } = labelledRegions(picture('0011', '0211', '2.10'));
  expect(count).toBe(5);
  expect([...region]).toEqual([0, 0, 1, 1, 0, 2, 1, 1, 3, -1, 1, 4]);
});

test('a region may cover a whole large picture', () => {
  const { count } = labelledRegions({ width: 1000, height: 1000, data: new Uint8Array(1e6) });
  expect(count).toBe(1);
});
