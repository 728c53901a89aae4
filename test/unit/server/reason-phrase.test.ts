import { expect, test } from 'vitest';
import { reasonPhrase } from '../../../src/server/error-answer.ts';

test.each([
  ['No image: add <Image name="image" value="$image"/>.', 'No image: add <Image name="image" value="$image"/>.'],
  ['two\r\nlines\tand  spaces ', 'two lines and spaces'],
  ['“Häuser” – it’s', '"Hauser" - it\'s'],
  ['标签 x', '?? x'],
  ['a\u0000b', 'a?b'],
])('%j becomes one line of ASCII', (text, phrase) => {
  expect(reasonPhrase(text)).toBe(phrase);
});

test('is cut to what a status line can hold', () => {
  expect(reasonPhrase('x'.repeat(1000))).toHaveLength(400);
});
