import { describe, expect, it } from 'vitest';
import type { PictureInView } from '../../../../src/interpreter/clicks/picture-in-view.ts';
import { regionOfClicks } from '../../../../src/interpreter/clicks/region-of-clicks.ts';

/** A picture whose pixels have one feature each, by their letters: far apart where letters differ, nearly equal where they do not. */
function view(rows: readonly string[], probability?: readonly string[]): PictureInView {
  const letters = [...rows.join('')];
  const features = Float32Array.from(letters, (letter, i) => 3 * letter.charCodeAt(0) + 0.01 * (i % 3));
  const opinion =
    probability === undefined
      ? null
      : {
          labels: ['Background', 'eye'],
          probability: Float32Array.from([...probability.join('')].flatMap((digit) => [1 - +digit / 9, +digit / 9])),
        };
  return { width: rows[0]!.length, height: rows.length, directions: 1, features, opinion };
}
const shown = (mask: Uint8Array, width: number) =>
  Array.from({ length: mask.length / width }, (_, y) => mask.slice(y * width, (y + 1) * width).join(''));
const answer = (
  picture: PictureInView,
  clicks: readonly (readonly [x: number, y: number, inside: boolean])[],
  box: readonly [left: number, top: number, right: number, bottom: number] | null = null,
) => {
  const pointed = {
    clicks: clicks.map(([x, y, inside]) => ({ pixel: y * picture.width + x, inside })),
    box: box === null ? null : { left: box[0], top: box[1], right: box[2], bottom: box[3] },
  };
  const { mask, pixels, score } = regionOfClicks(picture, 'eye', pointed);
  return { rows: shown(mask, picture.width), pixels, score };
};

const TWO = ['..aa..a', '..aa..a', '.......', 'bbb....'];

describe('without a version', () => {
  it('takes what looks like the click and is connected to it', () => {
    expect(answer(view(TWO), [[2, 0, true]]).rows).toEqual(['0011000', '0011000', '0000000', '0000000']);
    expect(answer(view(TWO), [[1, 3, true]]).rows).toEqual(['0000000', '0000000', '0000000', '1110000']);
  });

  it('takes every piece that holds a positive click', () => {
    const { rows, pixels } = answer(view(TWO), [
      [2, 0, true],
      [6, 1, true],
    ]);
    expect(rows).toEqual(['0011001', '0011001', '0000000', '0000000']);
    expect(pixels).toBe(6);
  });

  it('gives up what looks like a negative click', () => {
    const features = Float32Array.from([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    const line: PictureInView = { width: 6, height: 1, directions: 1, features, opinion: null };
    expect(answer(line, [[0, 0, true]]).rows).toEqual(['111111']);
    const corrected = answer(line, [
      [0, 0, true],
      [4, 0, false],
    ]);
    expect(corrected.rows).toEqual(['110000']);
  });

  it('cuts the region by the box', () => {
    expect(answer(view(TWO), [[1, 3, true]], [0, 2, 2, 4]).rows).toEqual(['0000000', '0000000', '0000000', '1100000']);
  });

  it('takes of a box alone what is unlike its surroundings', () => {
    const picture = view(['........', '..aaa...', '..aaa...', '........', '........']);
    const { rows, score } = answer(picture, [], [1, 1, 6, 3]);
    expect(rows).toEqual(['00000000', '00111000', '00111000', '00000000', '00000000']);
    expect(score).toBeGreaterThan(0.5);
  });

  it('has no region where all of a box is like its surroundings', () => {
    const features = new Float32Array(64);
    const flat: PictureInView = { width: 8, height: 8, directions: 1, features, opinion: null };
    expect(answer(flat, [], [2, 2, 5, 5]).pixels).toBe(0);
  });

  it('bears clicks that contradict each other', () => {
    const { pixels } = answer(view(TWO), [
      [2, 0, true],
      [3, 0, false],
    ]);
    expect(pixels).toBeLessThan(5);
  });
});

describe('with a version', () => {
  const picture = view(['.......', '.......', '..b....'], ['0770099', '0770099', '0000000']);

  it('starts from what the version sees, in the piece that was clicked', () => {
    expect(answer(picture, [[1, 1, true]]).rows).toEqual(['0110000', '0110000', '0000000']);
  });

  it('takes a click for true that the version does not see', () => {
    expect(answer(picture, [[2, 2, true]]).rows.at(-1)).toBe('0010000');
  });

  it('takes of a box what the version sees there', () => {
    expect(answer(picture, [], [0, 0, 4, 2]).rows).toEqual(['0110000', '0110000', '0000000']);
  });

  it('asks nothing of a version that never saw the label', () => {
    const unseen = view(TWO, ['0000000', '0000000', '0000000', '0000000']);
    expect(answer(unseen, [[2, 0, true]]).rows).toEqual(answer(view(TWO), [[2, 0, true]]).rows);
  });
});
