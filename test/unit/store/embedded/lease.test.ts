import { expect, test } from 'vitest';
import { Lease } from '../../../../src/store/embedded/lease.ts';

const tooLong = () => new Error('too long');

test('lends to one at a time, in the order of asking', async () => {
  const lease = new Lease();
  const log: string[] = [];
  const borrow = async (name: string) => {
    const giveBack = await lease.acquire(10_000, tooLong);
    log.push(`+${name}`);
    await Promise.resolve();
    log.push(`-${name}`);
    giveBack();
    giveBack();
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(borrow));
  expect(log).toEqual(['+a', '-a', '+b', '-b', '+c', '-c', '+d', '-d']);
});

test('giving back twice does not let two in', async () => {
  const lease = new Lease();
  const first = await lease.acquire(10_000, tooLong);
  let third = false;
  const second = lease.acquire(10_000, tooLong);
  const waiting = lease.acquire(10_000, tooLong).then((giveBack) => {
    third = true;
    return giveBack;
  });
  first();
  first();
  const giveBack = await second;
  expect(third).toBe(false);
  giveBack();
  (await waiting)();
  expect(third).toBe(true);
});

test('a borrower who waits too long gets an error and loses its place, the others do not', async () => {
  const lease = new Lease();
  const giveBack = await lease.acquire(10_000, tooLong);
  const impatient = lease.acquire(1, tooLong);
  const patient = lease.acquire(10_000, tooLong);
  await expect(impatient).rejects.toThrow('too long');
  giveBack();
  (await patient)();
  (await lease.acquire(10_000, tooLong))();
});
