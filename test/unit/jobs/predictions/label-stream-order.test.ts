import { expect, test } from 'vitest';
import { labelStreamOrder, type WaitingTask } from '../../../../src/jobs/predictions/label-stream-order.ts';

const task = (task_id: number, score: number | null = null): WaitingTask => ({
  project_key: 'p',
  generator_id: 'g',
  task_id,
  seed: task_id,
  class: null,
  psi: 1,
  cutoff: null,
  score,
});
const ids = (tasks: readonly WaitingTask[]) => tasks.map(({ task_id }) => task_id);

test('in sequence the lowest numbers come first, then the others as they waited', () => {
  const waiting = [90, 3, 80, 1, 70, 2, ...Array.from({ length: 30 }, (_, i) => 60 - i)].map((id) => task(id));
  const order = ids(labelStreamOrder(waiting, 'Sequential sampling'));
  expect(order.slice(0, 20)).toEqual([1, 2, 3, ...Array.from({ length: 17 }, (_, i) => 31 + i)]);
  expect(order.slice(20, 24)).toEqual([90, 80, 70, 60]);
  expect(new Set(order).size).toBe(waiting.length);
  // Label Studio's default.
  expect(ids(labelStreamOrder(waiting, undefined))).toEqual(order);
});

test('by uncertainty the lowest scores come first, and what was never predicted before all', () => {
  const waiting = [task(1, 0.9), task(2, 0.2), task(3, 0.5), task(4, null), task(5, 0.2)];
  expect(ids(labelStreamOrder(waiting, 'Uncertainty sampling'))).toEqual([4, 2, 5, 3, 1]);
});

test('at random none is next', () => {
  expect(ids(labelStreamOrder([task(9), task(1)], 'Uniform sampling'))).toEqual([9, 1]);
});
