import { expect, test } from 'vitest';
import { hostName, isLoopback, isOwnName, isOwnOrigin } from '../../../src/server/addresses.ts';

test.each(['localhost', 'LocalHost', 'a.localhost', '127.0.0.1', '127.255.0.9', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', '127.evil.org', '127.0.0.1.nip.io', 'localhost.org', '', '128.0.0.1'])(
  '%s is not loopback',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test.each([
  ['localhost:9090', 'localhost'],
  ['[::1]:9090', '[::1]'],
  ['example.org', 'example.org'],
  ['a/b', undefined],
  ['u@h', undefined],
  ['h?x', undefined],
  ['', undefined],
  [undefined, undefined],
])('Host %j names %j', (header, name) => {
  expect(hostName(header)).toBe(name);
});

const own = { host: '0.0.0.0', publicUrl: 'https://dg.example.org/app', callbackUrl: null };

test('any number is our name when listening everywhere, other names are not', () => {
  expect(isOwnName('10.1.2.3', own)).toBe(true);
  expect(isOwnName('[fe80::1]', own)).toBe(true);
  expect(isOwnName('dg.example.org', own)).toBe(true);
  expect(isOwnName('example.org', own)).toBe(false);
  expect(isOwnName('10.1.2.3', { ...own, host: '127.0.0.1' })).toBe(false);
});

test('an origin is ours by the whole of scheme, name and port, or as the host asked', () => {
  expect(isOwnOrigin('https://dg.example.org', 'x', own)).toBe(true);
  expect(isOwnOrigin('http://dg.example.org', 'x', own)).toBe(false);
  expect(isOwnOrigin('https://dg.example.org:8443', 'x', own)).toBe(false);
  expect(isOwnOrigin('http://localhost:9090', 'localhost:9090', own)).toBe(true);
  expect(isOwnOrigin('http://localhost:9091', 'localhost:9090', own)).toBe(false);
  expect(isOwnOrigin('null', 'localhost:9090', own)).toBe(false);
});
