import { expect, test } from 'vitest';
import { DatasetGanError, type ErrorBody, inOneLine, isError } from '../../src/errors.ts';

const gone = new DatasetGanError('label-studio-gone', 'There is no project 7.', { fix: 'Use another.' });

test('one line says what happened and what to do, where that is known', () => {
  expect(inOneLine(gone)).toBe('There is no project 7. Use another.');
  expect(inOneLine(new DatasetGanError('internal', 'Odd.'))).toBe('Odd.');
});

test('an error that went through JSON is the same again', () => {
  for (const error of [gone, new DatasetGanError('internal', 'Odd.')]) {
    const read = DatasetGanError.fromBody((JSON.parse(JSON.stringify(error.toBody())) as ErrorBody).error);
    expect(read).toMatchObject({ code: error.code, message: error.message });
    expect(read.toBody()).toEqual(error.toBody());
    expect(read.fix).toBe(error.fix);
  }
});

test('an error is told by its class and its code', () => {
  expect(isError(gone, 'label-studio-gone')).toBe(true);
  expect(isError(gone, 'not-found')).toBe(false);
  const looksLikeIt = Object.assign(new Error('x'), { code: 'label-studio-gone' });
  for (const other of [looksLikeIt, { ...gone }, 'label-studio-gone', undefined, hostile()])
    expect(isError(other, 'label-studio-gone')).toBe(false);
});

/** Whoever asks for its prototype is thrown at. */
function hostile(): object {
  const handler: ProxyHandler<object> = {
    getPrototypeOf() {
      throw new Error('no');
    },
  };
  return new Proxy({}, handler);
}
