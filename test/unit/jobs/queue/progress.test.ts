import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Progress, ProgressMeter } from '../../../../src/jobs/queue/progress.ts';
import { ProgressWriter } from '../../../../src/jobs/queue/progress-writer.ts';

test('the first report tells no rate, the second does', () => {
  let now = 1_000;
  const meter = new ProgressMeter(() => now);
  expect(meter.report(0, 100)).toEqual({ done: 0, total: 100, rate: null, eta: null, phase: null });
  now += 10_000;
  expect(meter.report(20, 100)).toEqual({ done: 20, total: 100, rate: 2, eta: 40, phase: null });
});

test('a job that goes on at 400 does not count the 400', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.report(400, 500);
  now += 20_000;
  expect(meter.report(410, 500)).toMatchObject({ rate: 0.5, eta: 180 });
});

test('each phase has a rate of its own', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.report(0, 4, 'sampling');
  now += 1_000;
  expect(meter.report(4, 4, 'sampling')).toMatchObject({ rate: 4, phase: 'sampling' });
  expect(meter.report(4, 300, 'training')).toEqual({ done: 4, total: 300, rate: null, eta: null, phase: 'training' });
  now += 1_000;
  expect(meter.report(104, 300, 'training')).toMatchObject({ rate: 100, eta: 1.96 });
});

test('the rate is that of the last minute', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  // Ten a second for 100 s, then one a second for 60 s.
  for (let done = 0; done <= 1000; done += 10, now += 1_000) meter.report(done, 2000);
  now -= 1_000;
  for (let done = 1001; done <= 1060; done++) {
    now += 1_000;
    meter.report(done, 2000);
  }
  expect(meter.report(1060, 2000)).toMatchObject({ rate: 1, eta: 940 });
});

test('items slower than a minute are still measured', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.report(0, 10);
  now += 100_000;
  expect(meter.report(1, 10)).toMatchObject({ rate: 0.01, eta: 900 });
  now += 200_000;
  expect(meter.report(2, 10)).toMatchObject({ rate: 0.005, eta: 1600 });
});

test('a second phase counts anew', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.report(0, 100);
  now += 1_000;
  meter.report(100, 100);
  now += 1_000;
  expect(meter.report(0, 10)).toEqual({ done: 0, total: 10, rate: null, eta: null, phase: null });
  now += 2_000;
  expect(meter.report(1, 10)).toMatchObject({ rate: 0.5, eta: 18 });
});

test('nothing done for a while has no rate', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.report(5, 10);
  now += 5_000;
  expect(meter.report(5, 10)).toMatchObject({ rate: null, eta: null });
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('many reports make few writes: the first at once, the last in any case', async () => {
  const written: number[] = [];
  const writer = new ProgressWriter(Date.now, async ({ done }: Progress) => {
    written.push(done);
  });
  for (let done = 0; done < 100; done++) {
    writer.report(done, 100);
    await vi.advanceTimersByTimeAsync(10);
  }
  await writer.close();
  expect(written[0]).toBe(0);
  expect(written.at(-1)).toBe(99);
  expect(written.length).toBeLessThanOrEqual(4);
});

test('a report that came too soon is written a little later', async () => {
  const written: number[] = [];
  const writer = new ProgressWriter(Date.now, async ({ done }: Progress) => {
    written.push(done);
  });
  writer.report(1, 100);
  writer.report(2, 100);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toEqual([1, 2]);
  await writer.close();
  expect(written).toEqual([1, 2]);
});

test('writes never overtake each other', async () => {
  const written: number[] = [];
  const writer = new ProgressWriter(Date.now, async ({ done }: Progress) => {
    await new Promise((resolve) => setTimeout(resolve, done === 1 ? 2_000 : 1));
    written.push(done);
  });
  writer.report(1, 3);
  await vi.advanceTimersByTimeAsync(600);
  writer.report(2, 3);
  await vi.advanceTimersByTimeAsync(600);
  writer.report(3, 3);
  const closed = writer.close();
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
  expect(written).toEqual([1, 2, 3]);
});
