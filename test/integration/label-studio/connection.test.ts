import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { DatasetGanError } from '../../../src/errors.ts';
import { Connections } from '../../../src/label-studio/client/connections.ts';
import { createProject } from '../../../src/label-studio/client/projects.ts';
import { whoAmI } from '../../../src/label-studio/client/server.ts';
import { Connection } from '../../../src/label-studio/connection/connection.ts';
import {
  type FakeAnswer,
  type FakeLabelStudio,
  type SeenRequest,
  startFakeLabelStudio,
  stillClock,
  unsignedJwt,
} from '../../support/fake-label-studio.ts';

const LEGACY = '0123456789abcdef0123456789abcdef01234567';
const PAT = unsignedJwt({ token_type: 'refresh', exp: 8_102_718_815, iat: 1_795_518_815 });
const ME = { status: 200, json: { id: 1, email: 'a@example.com' } };

const fakes: FakeLabelStudio[] = [];
async function fake(answer: (request: SeenRequest) => FakeAnswer): Promise<FakeLabelStudio> {
  const started = await startFakeLabelStudio(answer);
  fakes.push(started);
  return started;
}
/** One after the other, the last for ever. */
function inTurn(...answers: FakeAnswer[]): () => FakeAnswer {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] as FakeAnswer;
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown as DatasetGanError,
  );

afterEach(async () => {
  for (const { close } of fakes.splice(0)) await close();
});

describe('a Label Studio in trouble', () => {
  it('is asked again, with growing waits, for what is the same when asked twice', async () => {
    const clock = stillClock();
    const server = await fake(inTurn({ status: 503 }, 'drop', { status: 500, json: { detail: 'database is locked' } }, ME));
    expect((await whoAmI(new Connection({ base: server.url, key: LEGACY, clock }))).id).toBe(1);
    expect(server.seen).toHaveLength(4);
    expect(clock.slept).toEqual([500, 1500, 4000]);
  });

  it('is given up after four times', async () => {
    const clock = stillClock();
    const server = await fake(() => ({ status: 502, html: '<h1>Bad Gateway</h1>' }));
    expect(await failure(whoAmI(new Connection({ base: server.url, key: LEGACY, clock })))).toMatchObject({
      code: 'label-studio-down',
    });
    expect(server.seen).toHaveLength(4);
  });

  it.each(['drop', { status: 500 }, { status: 504 }] satisfies FakeAnswer[])(
    'never gets a POST twice after %o',
    async (answer) => {
      const server = await fake(() => answer);
      const connection = new Connection({ base: server.url, key: LEGACY, clock: stillClock() });
      expect(await failure(createProject(connection, { title: 'Once' }))).toBeInstanceOf(DatasetGanError);
      expect(server.seen).toHaveLength(1);
    },
  );

  it('gets a POST again that it had no time for (429)', async () => {
    const project = { id: 1, title: 'x', label_config: '', created_at: '' };
    const server = await fake(inTurn({ status: 429 }, { status: 201, json: project }));
    await createProject(new Connection({ base: server.url, key: LEGACY, clock: stillClock() }), { title: 'Once' });
    expect(server.seen).toHaveLength(2);
  });

  it('is said to be down where nothing listens', async () => {
    const server = await startFakeLabelStudio(() => ME);
    await server.close();
    const error = await failure(whoAmI(new Connection({ base: server.url, key: LEGACY, clock: stillClock() })));
    expect(error).toMatchObject({
      code: 'label-studio-down',
      message: expect.stringContaining('ECONNREFUSED'),
      fix: expect.stringContaining('LABEL_STUDIO_URL'),
    });
  });

  it('is not waited for longer than the timeout', async () => {
    const server = await fake(() => 'hang');
    const connection = new Connection({ base: server.url, key: LEGACY, clock: stillClock() });
    const error = await failure(connection.done({ method: 'POST', path: '/api/dm/actions', timeout: 50 }));
    expect(error).toMatchObject({ code: 'label-studio-down', message: expect.stringContaining('in time') });
  });

  it('is not waited for longer than the caller has time, which is no cancelling', async () => {
    const server = await fake(() => 'hang');
    const error = await failure(whoAmI(new Connection({ base: server.url, key: LEGACY }), AbortSignal.timeout(1000)));
    expect(error).toMatchObject({ code: 'label-studio-down', message: expect.stringContaining('in time') });
    expect(server.seen).toHaveLength(1);
  });

  it('is left when the signal says so, while it answers and between attempts', async () => {
    const server = await fake(() => 'hang');
    const stop = new AbortController();
    const waiting = failure(whoAmI(new Connection({ base: server.url, key: LEGACY }), stop.signal));
    while (server.seen.length === 0) await new Promise((tick) => setTimeout(tick, 5));
    stop.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled' });

    const broken = await fake(() => ({ status: 503 }));
    const reason = new DatasetGanError('shutting-down', 'bye');
    const later = new AbortController();
    const clock = { ...stillClock(), sleep: async () => later.abort(reason) };
    expect(await failure(whoAmI(new Connection({ base: broken.url, key: LEGACY, clock }), later.signal))).toBe(reason);
    expect(broken.seen).toHaveLength(1);
  });
});

describe('answers that are not what was asked for', () => {
  const login = '<html><form action="/user/login/"><input name="password"></form></html>';

  it.each([
    ['a login page', { status: 200, html: login }, 'label-studio-unauthorized', 'LABEL_STUDIO_API_KEY'],
    [
      'a redirect to it',
      { status: 302, headers: { location: '/user/login/?next=/' } },
      'label-studio-unauthorized',
      'LABEL_STUDIO_API_KEY',
    ],
    ['another web page', { status: 200, html: '<h1>Welcome to nginx</h1>' }, 'label-studio-error', 'LABEL_STUDIO_URL'],
    ['another redirect', { status: 301, headers: { location: 'https://other/' } }, 'label-studio-error', 'LABEL_STUDIO_URL'],
    ['a body too large', { status: 413, html: '<h1>413</h1>' }, 'label-studio-error', 'client_max_body_size'],
    [
      'a permission missing',
      { status: 403, json: { detail: 'No permission' } },
      'label-studio-unauthorized',
      'user who may manage',
    ],
    ['something gone', { status: 404, json: { detail: 'Not found.' } }, 'label-studio-gone', 'deleted'],
    ['an unknown form', { status: 200, json: { id: 'one' } }, 'label-studio-error', '1.20'],
    ['no JSON', { status: 200, html: undefined, json: undefined }, 'label-studio-error', '1.20'],
  ] as const)('says so for %s', async (_name, answer, code, fix) => {
    const server = await fake(() => answer as FakeAnswer);
    const error = await failure(whoAmI(new Connection({ base: server.url, key: LEGACY, clock: stillClock() })));
    expect(error).toMatchObject({ code, fix: expect.stringContaining(fix) });
    expect(server.seen).toHaveLength(1);
  });

  it('keeps a long answer short, and names the fields', async () => {
    const server = await fake(() => ({
      status: 400,
      json: { detail: 'Validation error', validation_errors: { title: ['x'.repeat(5000)] } },
    }));
    const error = await failure(createProject(new Connection({ base: server.url, key: LEGACY }), { title: 'x' }));
    expect(error?.message).toContain('title: xxx');
    expect(error?.message.length).toBeLessThan(500);
  });
});

describe('keys', () => {
  it('are asked for once by many requests, and renewed once on a 401', async () => {
    let renewals = 0;
    const valid = () => `Bearer ${unsignedJwt({ iat: 0, exp: 300, n: renewals })}`;
    let revoked = false;
    const server = await fake(({ path, authorization, body }) => {
      if (path === '/api/token/refresh/') {
        expect(JSON.parse(body)).toEqual({ refresh: PAT });
        renewals++;
        return { status: 200, json: { access: valid().slice('Bearer '.length) } };
      }
      if (revoked && authorization === `Bearer ${unsignedJwt({ iat: 0, exp: 300, n: 1 })}`)
        return { status: 401, json: { detail: 'no' } };
      return authorization === valid() ? ME : { status: 401, json: { detail: 'no' } };
    });
    const connection = new Connection({ base: server.url, key: PAT, clock: stillClock() });
    await Promise.all(Array.from({ length: 8 }, () => whoAmI(connection)));
    expect(renewals).toBe(1);
    revoked = true;
    await Promise.all(Array.from({ length: 8 }, () => whoAmI(connection)));
    expect(renewals).toBe(2);
  });

  it('that are refused for good are tried twice, not for ever', async () => {
    const server = await fake(({ path }) =>
      path === '/api/token/refresh/'
        ? { status: 200, json: { access: unsignedJwt({ iat: 0, exp: 300 }) } }
        : { status: 401, json: { detail: 'no' } },
    );
    const error = await failure(whoAmI(new Connection({ base: server.url, key: PAT, clock: stillClock() })));
    expect(error).toMatchObject({ code: 'label-studio-unauthorized', message: expect.stringContaining('personal access token') });
    expect(server.seen).toHaveLength(4);
  });

  it('that were revoked say so', async () => {
    const server = await fake(() => ({ status: 401, json: { detail: 'Token is blacklisted' } }));
    const error = await failure(whoAmI(new Connection({ base: server.url, key: PAT, clock: stillClock() })));
    expect(error).toMatchObject({ code: 'label-studio-unauthorized', fix: expect.stringContaining('revoked') });
    expect(server.seen).toHaveLength(1);
  });

  it('go to their own address only', async () => {
    const elsewhere = await fake(() => ME);
    const server = await fake(() => ({ status: 302, headers: { location: `${elsewhere.url}/api/current-user/whoami` } }));
    await failure(whoAmI(new Connection({ base: server.url, key: LEGACY })));
    expect(server.seen[0]?.authorization).toBe(`Token ${LEGACY}`);
    expect(elsewhere.seen).toHaveLength(0);
  });

  it('keep the path prefix of the address', async () => {
    const server = await fake(() => ME);
    await whoAmI(new Connection({ base: `${server.url}/label-studio/`, key: LEGACY }));
    expect(server.seen[0]?.path).toBe('/label-studio/api/current-user/whoami');
  });

  it('are in no error, however deep one looks', async () => {
    const answers: FakeAnswer[] = [
      'drop',
      { status: 500, json: { detail: 'x' } },
      { status: 401, json: { detail: 'x' } },
      { status: 200, html: 'x' },
    ];
    for (const key of [LEGACY, PAT])
      for (const answer of answers) {
        const server = await fake(() => answer);
        const error = await failure(whoAmI(new Connection({ base: server.url, key, clock: stillClock() })));
        expect(error).toBeInstanceOf(DatasetGanError);
        expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(key);
      }
  });
});

describe('connections', () => {
  const uid = '7.1795518980';
  const here = { id: 7, title: 'x', label_config: '', created_at: '2026-11-24T11:16:20.5Z' };

  it('never sends the access_token of /setup beyond this machine and LABEL_STUDIO_URL', async () => {
    const none = new Connections({ labelStudios: [], clock: stillClock() });
    const address = { uid, hostname: 'http://evil.example', accessToken: LEGACY };
    expect(await failure(none.resolve(address))).toMatchObject({
      code: 'bad-token',
      message: expect.stringContaining('evil.example'),
    });
    const server = await fake(() => ({ status: 404, json: { detail: 'no' } }));
    const one = new Connections({ labelStudios: [{ url: server.url, apiKey: 'configured-key' }], clock: stillClock() });
    expect(await failure(one.resolve(address))).toMatchObject({ code: 'wrong-server' });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(['Token configured-key']);
  });

  it('prefers the configured key to the access_token', async () => {
    const server = await fake(() => ({ status: 200, json: here }));
    const one = new Connections({ labelStudios: [{ url: server.url, apiKey: 'configured-key' }] });
    await one.resolve({ uid, hostname: server.url, accessToken: LEGACY });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(['Token configured-key']);
  });

  it('uses the access_token for an address of LABEL_STUDIO_URL that has no key', async () => {
    const server = await fake(() => ({ status: 200, json: here }));
    const one = new Connections({ labelStudios: [{ url: server.url, apiKey: null }] });
    expect((await one.resolve({ uid, hostname: server.url, accessToken: LEGACY })).project.id).toBe(7);
    expect(one.configured()).toEqual([]);
    expect(() => one.at(server.url)).toThrowError(expect.objectContaining({ code: 'bad-token' }));
  });

  it('asks the server of that name first, and says which entry is wrong', async () => {
    const [first, second] = [
      await fake(() => ({ status: 401, json: { detail: 'no' } })),
      await fake(() => ({ status: 200, json: here })),
    ];
    const two = new Connections({
      labelStudios: [first, second].map(({ url }) => ({ url, apiKey: LEGACY })),
      clock: stillClock(),
    });
    expect((await two.resolve({ uid, hostname: second.url })).connection.base).toBe(second.url);
    expect(first.seen).toHaveLength(0);
    expect(await failure(two.resolve({ uid: '7.1', hostname: null }))).toMatchObject({
      code: 'label-studio-unauthorized',
      message: expect.stringContaining('LABEL_STUDIO_API_KEY (entry 1)'),
    });
  });
});
