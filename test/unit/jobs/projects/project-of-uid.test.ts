import { expect, test } from 'vitest';
import { parseUid } from '../../../../src/jobs/projects/linked-project.ts';

test("Label Studio's name of a project: id and creation in whole seconds", () => {
  expect(parseUid('7.1764000000')).toEqual({ lsId: 7, createdAtUnix: 1_764_000_000 });
});

test('what other backends are sent is no uid', () => {
  for (const uid of ['42', '', '1.', '.5', 'a.b', '1.2.3', '-1.5', `${'9'.repeat(99)}.1`, `1.${'9'.repeat(99)}`])
    expect(parseUid(uid)).toBeUndefined();
});
