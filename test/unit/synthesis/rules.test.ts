import { describe, expect, test } from 'vitest';
import { brokenRule, countPieces, passesRules, type Rules } from '../../../src/synthesis/rules.ts';

const mapOf = (...rows: string[]) => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.join(''), (pixel) => (pixel === '.' ? 255 : Number(pixel))),
});

describe('countPieces', () => {
  // Label 1: a bar and, touching it by a corner only, a square; label 2: one pixel and an L; ignored pixels are no label.
  const map = mapOf('110002', '110022', '001100', '201100', '00....');

  test('pieces touch by a side, not by a corner', () => {
    expect(countPieces(map, 4, 1)).toEqual([3, 2, 2, 0]);
  });

  test('pieces that are too small do not count', () => {
    expect(countPieces(map, 4, 2)).toEqual([3, 2, 1, 0]);
    expect(countPieces(map, 4, 4)).toEqual([3, 2, 0, 0]);
    expect(countPieces(map, 4, 5)).toEqual([2, 0, 0, 0]);
  });

  test('ignored pixels part what lies on their two sides', () => {
    expect(countPieces(mapOf('1.1', '1.1'), 2, 1)).toEqual([0, 2]);
    expect(countPieces(mapOf('...'), 2, 1)).toEqual([0, 0]);
  });
});

describe('brokenRule', () => {
  const nothing: Rules = { leastPixels: 4 };
  const areas = [70, 20, 3, 7];

  test('asks nothing unless told', () => {
    expect(brokenRule({ areas }, nothing)).toBeUndefined();
    expect(passesRules({ areas: [100, 0, 0, 0] }, undefined)).toBe(true);
  });

  test('a class is missing below leastPixels', () => {
    expect(brokenRule({ areas }, { ...nothing, present: [1, 3] })).toBeUndefined();
    expect(brokenRule({ areas }, { ...nothing, present: [1, 2] })).toEqual({ rule: 'present', label: 2 });
    expect(passesRules({ areas }, { leastPixels: 3, present: [1, 2] })).toBe(true);
  });

  test('a keypoint is missing where the version does not see it', () => {
    const keypoints = [{ keypoint: 2, x: 1, y: 1, score: 0.1, spread: 0 }];
    expect(brokenRule({ areas, keypoints }, { ...nothing, visible: [2] })).toBeUndefined();
    expect(brokenRule({ areas, keypoints }, { ...nothing, visible: [2, 0] })).toEqual({
      rule: 'visible',
      label: null,
      keypoint: 0,
    });
    expect(passesRules({ areas }, { ...nothing, visible: [2] })).toBe(false);
  });

  test('an area is a share of all pixels, of shown labels only, both ends included', () => {
    const range = (label: number, least: number, most: number): Rules => ({ ...nothing, areas: [{ label, least, most }] });
    expect(brokenRule({ areas }, range(1, 0.2, 0.2))).toBeUndefined();
    expect(brokenRule({ areas }, range(1, 0.21, 1))).toEqual({ rule: 'areas', label: 1 });
    expect(brokenRule({ areas }, range(1, 0, 0.19))).toEqual({ rule: 'areas', label: 1 });
    // Label 2 is not shown: whether that is allowed is the business of `present`.
    expect(brokenRule({ areas }, range(2, 0.5, 1))).toBeUndefined();
    // 20 of 200 pixels, 100 of them ignored.
    expect(brokenRule({ areas, ignored: 100 }, range(1, 0.2, 1))).toEqual({ rule: 'areas', label: 1 });
    expect(brokenRule({ areas, ignored: 100 }, range(1, 0.1, 0.1))).toBeUndefined();
  });

  test('pieces and distance have a most', () => {
    const rules: Rules = { ...nothing, pieces: [{ label: 3, most: 2 }], nearest: 1.25 };
    expect(brokenRule({ areas, pieces: [9, 9, 9, 2], nearest: 1.25 }, rules)).toBeUndefined();
    expect(brokenRule({ areas, pieces: [0, 0, 0, 3], nearest: 9 }, rules)).toEqual({ rule: 'pieces', label: 3 });
    expect(brokenRule({ areas, pieces: [0, 0, 0, 0], nearest: 1.26 }, rules)).toEqual({ rule: 'nearest', label: null });
  });
});
