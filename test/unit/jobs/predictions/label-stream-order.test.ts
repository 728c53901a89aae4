import { expect, test } from 'vitest';
import { labelStreamOrder } from '../../../../src/jobs/predictions/label-stream-order.ts';
import type { WaitingTask } from '../../../../src/store/predictions.ts';

const waitingTask = (task: number, score: number | null = null): WaitingTask => ({ task, score });
const ids = (tasks: readonly WaitingTask[]) => tasks.map(({ task }) => task);

test('in sequence the lowest numbers come first, then the others as they waited', () => {
  const waiting = [90, 3, 80, 1, 70, 2, ...Array.from({ length: 30 }, (_, i) => 60 - i)].map((id) => waitingTask(id));
  const order = ids(labelStreamOrder(waiting, 'Sequential sampling'));
  expect(order.slice(0, 20)).toEqual([1, 2, 3, ...Array.from({ length: 17 }, (_, i) => 31 + i)]);
  expect(order.slice(20, 24)).toEqual([90, 80, 70, 60]);
  expect(new Set(order).size).toBe(waiting.length);
  // Label Studio's default.
  expect(ids(labelStreamOrder(waiting, undefined))).toEqual(order);
});

test('by uncertainty the lowest scores come first, and what was never predicted before all', () => {
  const waiting = [waitingTask(1, 0.9), waitingTask(2, 0.2), waitingTask(3, 0.5), waitingTask(4, null), waitingTask(5, 0.2)];
  expect(ids(labelStreamOrder(waiting, 'Uncertainty sampling'))).toEqual([4, 2, 5, 3, 1]);
});

test('at random none is next', () => {
  expect(ids(labelStreamOrder([waitingTask(9), waitingTask(1)], 'Uniform sampling'))).toEqual([9, 1]);
});
