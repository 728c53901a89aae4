import { expect, test } from 'vitest';
import { DatasetGanError } from '../../src/errors.ts';
import { createLogger, redact } from '../../src/log.ts';

function lines(write: (logger: ReturnType<typeof createLogger>) => void, level = 'debug'): { text: string; entries: unknown[] } {
  let text = '';
  write(createLogger(level, { write: (line) => (text += line) }));
  const entries = text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  return { text, entries };
}

test('JSON lines with level, time and the ids of request and job', () => {
  const { entries } = lines((logger) => logger.child({ request: 'r1' }).child({ job: 'j1' }).info({ done: 3 }, 'seeded'));
  expect(entries).toEqual([
    { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), request: 'r1', job: 'j1', done: 3, msg: 'seeded' },
  ]);
});

test('messages below the level of the log are not written', () => {
  const { entries } = lines((logger) => {
    logger.info('no');
    logger.warn('yes');
  }, 'warn');
  expect(entries).toMatchObject([{ msg: 'yes' }]);
});

test('no secret survives, at whatever depth and in whatever kind of text', () => {
  const secret = 'S3CRETvalue0123';
  const { text, entries } = lines((logger) => {
    logger.info({ token: secret, body: { project: [{ task_data_password: secret, deep: { access_token: `a\\"${secret}` } }] } });
    logger.info({ headers: { Authorization: `Bearer ${secret}`, cookie: `sessionid=${secret}` } });
    logger.info({ url: `/api/projects?token=${secret}&count=2` });
    logger.info(
      `${secret.length} bytes of https://bucket.test/a.png?X-Amz-Expires=60&X-Amz-Signature=${secret}&X-Amz-Security-Token=${secret}`,
    );
    logger.info(`sent Authorization: Token ${secret} to postgres://user:${secret}@host/db`);
    logger.info({ raw: JSON.stringify({ access_token: secret, nested: JSON.stringify({ token: secret, kept: 'kept' }) }) });
    const axios = Object.assign(new Error(`refused for http://x/?access_token=${secret}`), {
      config: { headers: { 'X-Weird': secret } },
    });
    logger.error({ err: new DatasetGanError('label-studio-error', 'No.', { cause: axios, fix: 'Try again.' }) });
  });
  expect(text).not.toContain(secret);
  expect(entries).toHaveLength(7);
  expect(text).toContain('kept');
  expect(text).toContain('count=2');
  expect(entries.at(-1)).toMatchObject({
    err: { code: 'label-studio-error', message: 'No.', fix: 'Try again.', cause: { code: 'internal' } },
  });
});

test('other text stays as it is', () => {
  const line = '{"level":"info","msg":"the token kind is wrong","tokens":"3","url":"/data?page=2","path":"http://host:9090/a"}\n';
  expect(redact(line)).toBe(line);
});
