import { expect, test } from 'vitest';
import { HintLimiter, SPACING_SECONDS } from '../../../../src/jobs/product/hint-limiter.ts';

const START = 1_800_000_000_000;

test('a flood of events causes a look at once, and one every five seconds; the last event is seen by a look after it', () => {
  const hints = new HintLimiter();
  const looks = new Set<number>();
  let lastEvent = 0;
  for (let millisecond = 0; millisecond < 60_000; millisecond += 7) {
    const { kind, startAfter } = hints.take('a', 'train', START + millisecond);
    expect(kind).toBe('train');
    looks.add(Math.round((millisecond + startAfter * 1000) / 1000));
    lastEvent = millisecond;
  }
  // Rounded up to whole seconds, a look is said for its due second or the one after.
  expect(new Set([...looks].map((second) => Math.floor(second / SPACING_SECONDS))).size).toBeLessThanOrEqual(
    60 / SPACING_SECONDS + 1,
  );
  expect(Math.max(...looks) * 1000).toBeGreaterThan(lastEvent);
});

test('projects do not wait for one another, and after a while nobody waits', () => {
  const hints = new HintLimiter();
  expect(hints.take('a', 'train', START)).toEqual({ kind: 'train', startAfter: 0 });
  expect(hints.take('b', 'orders', START)).toEqual({ kind: 'orders', startAfter: 0 });
  expect(hints.take('a', 'train', START + 1000)).toEqual({ kind: 'train', startAfter: 4 });
  expect(hints.take('a', 'train', START + 30_000)).toEqual({ kind: 'train', startAfter: 0 });
});

test('what is due already sees to an event of another kind, too', () => {
  const hints = new HintLimiter();
  hints.take('a', 'train', START);
  expect(hints.take('a', 'reconcile', START + 1000)).toEqual({ kind: 'reconcile', startAfter: 4 });
  expect(hints.take('a', 'train', START + 2000)).toEqual({ kind: 'reconcile', startAfter: 3 });
});
