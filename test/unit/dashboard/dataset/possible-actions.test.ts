import { expect, test } from 'vitest';
import { isMade, possibleActions } from '../../../../src/dashboard/pages/dataset/possible-actions.ts';

const part = (lastSeed: number | null) => ({ asked: 10, seedStart: 0, lastSeed, delivered: lastSeed === null ? null : 10 });
const HALF = [part(9), part(null)];
const WHOLE = [part(9), part(19)];

test.each([
  ['queued', HALF, ['pause', 'cancel']],
  ['running', WHOLE, ['pause', 'cancel']],
  ['paused', HALF, ['resume', 'cancel']],
  ['paused', WHOLE, ['resume', 'cancel', 'extend']],
  ['failed', HALF, ['resume']],
  ['failed', WHOLE, ['resume', 'extend']],
  ['cancelled', HALF, ['resume']],
  ['completed', WHOLE, ['extend']],
] as const)('%s: what can be done', (state, parts, actions) => {
  expect(possibleActions({ state, parts })).toEqual(actions);
});

test('a dataset is made when every part is', () => {
  expect([isMade({ parts: HALF }), isMade({ parts: WHOLE })]).toEqual([false, true]);
});
