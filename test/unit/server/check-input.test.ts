import { expect, test } from 'vitest';
import { BODIES, datasetsQuery, generator, project } from '../../../src/api/requests.ts';
import { checkInput } from '../../../src/server/check-input.ts';

test.each(['1', '2147483647', 'http://localhost:8080|7', 'http://localhost:8080|7|1700000000'])('project %s', (id) => {
  expect(checkInput(project, { id })).toEqual({ id });
});

test.each([
  'abc',
  '0',
  '-1',
  '0.1',
  '1e5',
  '07',
  ' 7',
  '2147483648',
  '4294967296',
  '__proto__',
  '|7',
  'a|b',
  'a|7|b',
  'a|2147483648',
  '',
])('no project: %j', (id) => {
  expect(() => checkInput(project, { id })).toThrow(/^id must be /);
  expect(() => checkInput(datasetsQuery, { project: id })).toThrow(/^project must be /);
});

test.each(['a\0b', '\0', '\ud800', 'x\udfff'])('a text that nothing can keep is refused wherever a text may stand: %j', (bad) => {
  const wrong = /must be a text without U\+0000/;
  expect(() => checkInput(generator, { name: bad })).toThrow(wrong);
  expect(() => checkInput(project, { id: `${bad}|7` })).toThrow(wrong);
  const order = BODIES.DatasetOrder;
  expect(() => checkInput(order, { count: 1, title: `abc${bad}` })).toThrow(wrong);
  expect(() => checkInput(order, { count: 1, version: bad })).toThrow(wrong);
  expect(() => checkInput(order, { count: 1, rules: { present: [bad] } })).toThrow(wrong);
  expect(() => checkInput(order, { count: 1, rules: { areas: { [bad]: [0, 1] } } })).toThrow();
  for (const field of ['file', 'name', 'licence', 'averageFile', 'taps'])
    expect(() => checkInput(BODIES.GeneratorImport, { file: 'x', [field]: bad })).toThrow(wrong);
});

test('license is accepted for licence, and both are refused', () => {
  expect(checkInput(BODIES.GeneratorImport, { file: 'x', license: 'MIT' })).toEqual({ file: 'x', licence: 'MIT' });
  expect(checkInput(BODIES.GeneratorImport, { file: 'x', licence: 'MIT' })).toEqual({ file: 'x', licence: 'MIT' });
  expect(() => checkInput(BODIES.GeneratorImport, { file: 'x', licence: 'MIT', license: 'MIT' })).toThrow(/license/);
  expect(() => checkInput(BODIES.GeneratorImport, { file: 'x', license: 7 })).toThrow(
    /unknown key 'license'; did you mean 'licence'/,
  );
});

test('every unknown key is named, with the known one that is nearest', () => {
  const sent = { count: 1, tittle: 'abc', Filter: 0.1, rules: { piece: 2 }, __proto: 1 };
  expect(() => checkInput(BODIES.DatasetOrder, sent)).toThrow(
    /rules: unknown key 'piece'; did you mean 'pieces'\?.*'tittle'; did you mean 'title'\?.*'Filter'; did you mean 'filter'\?.*'__proto'; known: count, title/,
  );
});

test('thousands of wrong entries do not make a message of megabytes', () => {
  const sent = { count: 1, formats: Array.from({ length: 10_000 }, (_, i) => `f${i}`), ['k'.repeat(100_000)]: 1 };
  const error = (() => {
    try {
      checkInput(BODIES.DatasetOrder, sent);
    } catch (thrown) {
      return (thrown as Error).message;
    }
    return '';
  })();
  expect(error).toContain('formats.0 must be one of');
  expect(error.length).toBeLessThan(3000);
});
