import { expect, test } from 'vitest';
import { SetupCalls, setupCall } from '../../../../src/jobs/product/setup-calls.ts';
import { parseSetupRequest } from '../../../../src/label-studio/requests/setup-request.ts';

const call = (more: object = {}) =>
  setupCall(
    parseSetupRequest({ project: '7.1', schema: '<View/>', access_token: 'a', extra_params: { psi: 1, seed_tasks: 2 }, ...more }),
  );

test('what is said in other words is the same, what is another token is another', () => {
  expect(call({ extra_params: ' {"seed_tasks": 2, "psi": 1.0}' }).said).toBe(call().said);
  expect(call({ extra_params: null }).said).toBe(call({ extra_params: '{}' }).said);
  expect(call({ extra_params: { psi: 1 } }).said).not.toBe(call().said);
  expect(call({ access_token: 'b' }).caller).not.toBe(call().caller);
  expect(call({ access_token: null }).caller).toBeNull();
});

test('who listens hears the calls of that project alone, as long as it listens', async () => {
  const calls = new SetupCalls();
  expect(calls.note(call())).toBe(false);
  const heard = await calls.during('7.1', async () => {
    expect(calls.note(call())).toBe(true);
    expect(calls.note(call({ project: '8.1' }))).toBe(false);
    expect(await calls.during('7.1', async () => void calls.note(call({ access_token: 'b' })))).toHaveLength(1);
  });
  expect(heard).toEqual([call(), call({ access_token: 'b' })]);
  expect(calls.note(call())).toBe(false);
});

test('a project waits once for each token, and a flood drives out the oldest', () => {
  const calls = new SetupCalls();
  calls.wait(call());
  calls.wait(call({ access_token: 'forged' }));
  calls.wait(call());
  expect([...calls.takeWaiting().values()]).toEqual([call({ access_token: 'forged' }), call()]);
  expect(calls.takeWaiting().size).toBe(0);
  for (let id = 1; id <= 1000; id++) calls.wait(call({ project: `${id}.1` }));
  const waiting = [...calls.takeWaiting().values()];
  expect(waiting).toHaveLength(64);
  expect(waiting.at(-1)).toEqual(call({ project: '1000.1' }));
});

test('a project that calls without proof causes one look in five seconds', () => {
  const calls = new SetupCalls();
  expect(calls.takeDoubt('7.1')).toBe(false);
  expect([0, 4999, 5000, 9000, 10_000].map((now) => calls.doubt('7.1', now))).toEqual([true, false, true, false, true]);
  expect(calls.doubt('8.1', 1)).toBe(true);
  expect(calls.takeDoubt('7.1')).toBe(true);
  expect(calls.takeDoubt('7.1')).toBe(false);
  expect(calls.doubt('7.1', 11_000)).toBe(false);
  expect(calls.takeDoubt('7.1')).toBe(true);
});
