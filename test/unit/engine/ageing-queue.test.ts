import { expect, test } from 'vitest';
import { AgeingQueue, MOST_BY_AGE } from '../../../src/engine/ageing-queue.ts';
import { PRIORITY } from '../../../src/jobs/engine-tasks/priority.ts';

let now = 0;

function queueAt(start: number): AgeingQueue<string> {
  now = start;
  return new AgeingQueue<string>(() => now);
}

function take(queue: AgeingQueue<string>): string | undefined {
  const first = queue.first();
  if (first !== undefined) expect(queue.remove(first)).toBe(true);
  return first;
}

test('the greatest priority goes first, equal ones in order of arrival', () => {
  const queue = queueAt(0);
  queue.add('low', 1);
  queue.add('one', 5);
  queue.add('two', 5);
  expect(queue.length).toBe(3);
  expect([take(queue), take(queue), take(queue), take(queue)]).toEqual(['one', 'two', 'low', undefined]);
});

test('a validation gets its turn while somebody turns pages without a pause', () => {
  const queue = queueAt(1000);
  queue.add('validation', PRIORITY.validate);
  const pictures = [];
  for (queue.add('picture', PRIORITY.look); take(queue) === 'picture'; queue.add('picture', PRIORITY.look)) {
    pictures.push(now);
    now += 200;
  }
  // From 20 to 45 in 25 seconds; then it is the older one.
  expect(pictures).toHaveLength(125);
  expect(now).toBe(26_000);
});

test('nothing that waits gets ahead of a training or a click, however long it waits', () => {
  const queue = queueAt(0);
  queue.add('synthesis', PRIORITY.synthesize);
  now = 3_600_000;
  queue.add('training', PRIORITY.train);
  queue.add('click', PRIORITY.interactive);
  queue.add('picture', PRIORITY.look);
  expect([take(queue), take(queue), take(queue), take(queue)]).toEqual(['click', 'training', 'synthesis', 'picture']);
});

test('those who have waited for long go in order of arrival', () => {
  const queue = queueAt(0);
  queue.add('synthesis', PRIORITY.synthesize);
  now = 5000;
  queue.add('refresh', PRIORITY.refresh);
  now = 100_000;
  expect([take(queue), take(queue)]).toEqual(['synthesis', 'refresh']);
});

test('only a training and what somebody waits for are urgent from the start', () => {
  const urgent = Object.entries(PRIORITY).filter(([, priority]) => priority > MOST_BY_AGE);
  expect(urgent.map(([name]) => name).sort()).toEqual(['interactive', 'train']);
});

test('what leaves before its turn is gone', () => {
  const queue = queueAt(0);
  queue.add('one', 1);
  queue.add('two', 1);
  expect(queue.remove('one')).toBe(true);
  expect(queue.remove('one')).toBe(false);
  expect(queue.clear()).toEqual(['two']);
  expect(queue.length).toBe(0);
});
