import { expect, test } from 'vitest';
import { Closers } from '../../src/closers.ts';

test('the last opened is closed first, all of them, and each once', async () => {
  const closed: string[] = [];
  const opened = new Closers();
  opened.add(() => closed.push('lock'));
  opened.add(async () => {
    closed.push('database');
    throw new Error('the database does not close');
  });
  opened.add(() => closed.push('queue'));
  await expect(opened.close()).rejects.toThrow('the database does not close');
  expect(closed).toEqual(['queue', 'database', 'lock']);
  await opened.close();
  expect(closed).toHaveLength(3);
});

test('after a failure its own reason is thrown, whatever closing says', async () => {
  const opened = new Closers();
  opened.add(() => {
    throw new Error('does not close');
  });
  await expect(opened.closeAfter(new Error('the disk is full'))).rejects.toThrow('the disk is full');
});
