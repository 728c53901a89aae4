import { describe, expect, test } from 'vitest';
import { parseDemoOptions } from '../../../../src/cli/demo/demo-options.ts';

test('what nobody asks for', () => {
  expect(parseDemoOptions([])).toEqual({ headless: false, exit: false, annotations: 4, pairs: 50 });
});

test('all options', () => {
  const args = ['--headless', '--exit', '--annotations', '16', '--pairs=7'];
  expect(parseDemoOptions(args)).toEqual({ headless: true, exit: true, annotations: 16, pairs: 7 });
});

describe('one line with its fix for', () => {
  test.each([
    [['--annotations', '0'], '--annotations 0 is no whole number from 1 to 16.'],
    [['--annotations', '17'], '--annotations 17 is no whole number from 1 to 16.'],
    [['--pairs=-1'], '--pairs -1 is no whole number from 1 to 100000.'],
    [['--pairs', '1.5'], '--pairs 1.5 is no whole number from 1 to 100000.'],
    [['--pairs', 'many'], '--pairs many is no whole number from 1 to 100000.'],
  ])('%j', (args, message) => {
    expect(() => parseDemoOptions(args)).toThrow(
      expect.objectContaining({ code: 'bad-request', message, fix: expect.any(String) }),
    );
  });

  test.each([[['--quick']], [['seven']], [['--headless=yes']]])('%j', (args) => {
    expect(() => parseDemoOptions(args)).toThrow(
      expect.objectContaining({ code: 'bad-request', fix: expect.stringContaining('--headless') }),
    );
  });
});
