import { expect, test } from 'vitest';
import { nearestName, unknownName } from '../../src/nearest-name.ts';

const KNOWN = ['seed_tasks', 'orders', 'sampling', 'generator', 'psi', 'cutoff', 'classes'];

test.each([
  ['seed_task', 'seed_tasks'],
  ['seedTasks', 'seed_tasks'],
  ['SEED-TASKS', 'seed_tasks'],
  ['seed_takss', 'seed_tasks'],
  ['order', 'orders'],
  ['psy', 'psi'],
  ['spi', 'psi'],
  ['cut_off', 'cutoff'],
  ['genarater', 'generator'],
  ['klasses', 'classes'],
])('%s is meant to be %s', (name, meant) => {
  expect(nearestName(name, KNOWN)).toBe(meant);
});

test.each(['', 'x', 'colour', 'task', 'p', '__proto__', 'a'.repeat(1_000_000)])(
  'nothing is near to what is far: %.20s',
  (name) => {
    expect(nearestName(name, KNOWN)).toBeUndefined();
  },
);

test('of several, the nearest; of equally near ones, the first', () => {
  expect(nearestName('counts', ['count', 'counter', 'mounts'])).toBe('count');
  expect(nearestName('bat', ['cat', 'hat'])).toBe('cat');
  expect(nearestName('hat', ['cat', 'hat'])).toBe('hat');
});

test('the message names the nearest, or all, and is short', () => {
  expect(unknownName('key', 'seed_task', KNOWN)).toBe("unknown key 'seed_task'; did you mean 'seed_tasks'?");
  expect(unknownName('option', 'zzz', ['host', 'port'])).toBe("unknown option 'zzz'; known: host, port");
  expect(unknownName('key', 'y'.repeat(1000), [])).toBe(`unknown key '${'y'.repeat(40)}…'; known: none`);
});
