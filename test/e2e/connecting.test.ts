import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ordersOwner } from '../../src/jobs/orders/orders-project.ts';
import { createMlBackend, deleteMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { modelVersions } from '../../src/label-studio/client/model-versions.ts';
import { createProject, getProject, patchProject } from '../../src/label-studio/client/projects.ts';
import { listTasks } from '../../src/label-studio/client/tasks.ts';
import { listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { findProjectsByLsId, listProjects, upsertProject } from '../../src/store/projects.ts';
import { brushConfig } from '../support/annotator.ts';
import { BACKEND_TITLE, ConnectedProject } from '../support/connected-project.ts';
import { expiredAccessToken } from '../support/expired-token.ts';
import { PASS, startFaultProxy } from '../support/fault-proxy.ts';
import { has } from '../support/needs.ts';
import { type Certificate, makeCertificate, startNginx } from '../support/nginx.ts';
import { type InnerServer, startInnerServer } from '../support/our-server.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';

/** With a `Host` of its own, which fetch does not allow. */
async function rawPost(url: string, host: string, body: object): Promise<{ status: number | undefined; body: string }> {
  const request = httpRequest(url, { method: 'POST', headers: { host, 'content-type': 'application/json' } });
  const [response] = (await once(request.end(JSON.stringify(body)), 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

describeWithLabelStudio('connecting', () => {
  let real: RealLabelStudio;
  let connection: Connection;
  let certificate: Certificate | undefined;

  beforeAll(async () => {
    certificate = has('nginx') ? await makeCertificate() : undefined;
    real = await startRealLabelStudio(certificate === undefined ? {} : { env: { REQUESTS_CA_BUNDLE: certificate.certificate } });
    connection = new Connection({ base: real.url, key: real.personalAccessToken });
  });
  afterAll(async () => {
    await real?.stop();
    await certificate?.remove();
  });

  async function withServer(options: { key?: string; labelStudio?: string }, use: (server: InnerServer) => Promise<void>) {
    const server = await startInnerServer({ name: 'connecting', labelStudio: real.url, ...options });
    try {
      await use(server);
    } finally {
      await server.stop();
    }
  }

  /** Tries to connect, as the Settings form does, and gives what the form would show. */
  async function refusal(server: InnerServer, config = brushConfig()): Promise<string> {
    const { id } = await createProject(connection, { title: 'Refused', label_config: config });
    const connecting = createMlBackend(connection, id, { url: server.url, title: BACKEND_TITLE });
    const said = await connecting.then(
      () => 'it was connected',
      (error: Error) => error.message,
    );
    expect((await modelVersions(connection, id)).backends).toEqual([]);
    return said;
  }

  it('is refused where legacy tokens are off and we have one, with the reason in the reason phrase', async () => {
    await withServer({ key: real.legacyToken }, async (server) => {
      expect(await refusal(server)).toMatch(/legacy tokens turned off.*Account & Settings/s);
      const { id, created_at: at } = await createProject(connection, { title: 'By hand', label_config: brushConfig() });
      const project = `${id}.${Math.floor(Date.parse(at) / 1000)}`;
      const response = await fetch(`${server.url}/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ project, schema: brushConfig(), hostname: real.url, access_token: real.legacyToken }),
      });
      expect(response.status).toBe(400);
      expect(response.statusText).toMatch(/legacy tokens turned off.*Personal Access Token/);
    });
  });

  it('is refused with a token that Label Studio does not know', async () => {
    const [head, body] = real.personalAccessToken.split('.');
    await withServer({ key: `${head}.${body}.${'A'.repeat(43)}` }, async (server) => {
      expect(await refusal(server)).toMatch(/does not accept the personal access token/);
    });
  });

  it('is refused for a label config without a mask, and for one without an image', async () => {
    await withServer({ key: real.personalAccessToken }, async (server) => {
      const boxes =
        '<View><Image name="i" value="$i"/><RectangleLabels name="t" toName="i"><Label value="A"/></RectangleLabels></View>';
      expect(await refusal(server, boxes)).toMatch(/BrushLabels/);
      const text = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>';
      expect(await refusal(server, text)).toMatch(/Image/);
    });
  });

  it.runIf(has('nginx'))(
    'behind a reverse proxy, https with another Host and http below a path, without any setting',
    async () => {
      await withServer({ key: real.personalAccessToken }, async (server) => {
        const proxies = await startNginx(server.url, certificate!);
        try {
          const secure = await ConnectedProject.connect(connection, { ...server, url: proxies.secure }, { tasks: 2 });
          expect(await secure.detail()).toMatchObject({ state: 'connected', problem: null });
          // Its event comes through the proxy.
          const version = await secure.learn(0);
          expect((await secure.predictions()).get(1)).toMatchObject([{ model_version: version }]);
          expect(await listWebhooks(connection, secure.id)).toMatchObject([{ url: `${proxies.secure}/webhook` }]);

          const below = await ConnectedProject.connect(connection, { ...server, url: proxies.below }, { tasks: 1 });
          await server.reconcile(below.id);
          expect(await below.detail()).toMatchObject({ state: 'connected', problem: null });
          expect(await listWebhooks(connection, below.id)).toMatchObject([{ url: `${proxies.below}webhook` }]);
          const stored = await findProjectsByLsId(server.product.store.db, below.id);
          expect(stored).toMatchObject([{ callback_url: proxies.below.replace(/\/$/, '') }]);
        } finally {
          await proxies.stop();
        }
      });
    },
  );

  it('is not moved by forged calls, calls us once for itself, and names a second row of us', async () => {
    await withServer({ key: real.personalAccessToken }, async (server) => {
      const project = await ConnectedProject.connect(connection, server, { tasks: 2 });
      const version = await project.learn(0);
      const { created_at: at } = await getProject(connection, project.id);
      const seconds = Math.floor(Date.parse(at) / 1000);
      const seen = async () => {
        const { jobs: _, ...detail } = await project.detail();
        const hooks = await listWebhooks(connection, project.id);
        return {
          detail,
          hooks,
          row: (await modelVersions(connection, project.id)).backends.map(({ url, state }) => ({ url, state })),
        };
      };
      const before = await seen();
      expect(before.row).toEqual([{ url: server.url, state: 'CO' }]);
      const forge = (uid: string) =>
        rawPost(`${server.url}/setup`, 'localhost:666', {
          project: uid,
          schema: brushConfig(),
          hostname: real.url,
          access_token: 'f'.repeat(40),
          extra_params: { seed_tasks: 100, psi: 0.1, orders: true },
        });
      const answers = await Promise.all([forge(`${project.id}.${seconds}`), forge(`${project.id}.${seconds + 1}`)]);
      expect(answers).toEqual(Array(2).fill({ status: 200, body: '{"model_version":null}' }));
      expect((await rawPost(`${server.url}/setup`, 'evil.example', {})).status).toBe(403);
      await server.reconcile(project.id);
      await project.idle();
      expect(await seen()).toEqual(before);

      // Label Studio itself is answered; the second address is the same server, which is said.
      const second = await createMlBackend(connection, project.id, { url: `${server.url}/`, title: 'Again' });
      expect(second).toMatchObject({ state: 'CO', model_version: version });
      await server.reconcile(project.id);
      expect((await project.detail()).problem).toMatch(/is connected to project \d+ as 2 models.*delete all but the first/);
      await deleteMlBackend(connection, second.id);
      await server.reconcile(project.id);
      expect(await seen()).toEqual(before);
    });
  });

  it('goes on when its access token expires in mid-run', async () => {
    const expired = expiredAccessToken(await real.secretKey());
    const proxy = await startFaultProxy(real.url);
    const given = new Set<string>();
    let imports = 0;
    proxy.decide(({ path, headers: { authorization = '' } }) => {
      if (authorization.startsWith('Bearer ')) given.add(authorization);
      if (path.includes('/import?')) imports++;
      // The first token lives until the first pictures are pushed.
      const [first] = given;
      return imports > 0 && authorization === first ? { kind: 'pass', headers: { authorization: `Bearer ${expired}` } } : PASS;
    });
    try {
      await withServer({ key: real.personalAccessToken, labelStudio: proxy.url }, async (server) => {
        const project = await ConnectedProject.connect(connection, server, { tasks: 3 });
        const version = await project.learn(0);
        expect(given.size).toBe(2);
        for (const seed of [1, 2]) expect((await project.predictions()).get(seed)).toMatchObject([{ model_version: version }]);
        expect((await project.detail()).jobs.map(({ state }) => state)).toEqual(Array(4).fill('completed'));
      });
    } finally {
      await proxy.close();
    }
  });

  it('has orders projects of its own beside those of another server, and of one that both had, the first to say so keeps it', async () => {
    await withServer({ key: real.personalAccessToken }, async (one) => {
      await withServer({ key: real.personalAccessToken }, async (other) => {
        const project = await ConnectedProject.connect(connection, one, { tasks: 1, extra: { orders: true } });
        const foreign = await ConnectedProject.connect(connection, other, { tasks: 1 });
        const ordersOf = async ({ server, id }: ConnectedProject) =>
          (await server.api<{ project: number }>('POST', `/api/projects/${id}/orders`, {})).project;
        const own = await ordersOf(project);
        // As earlier releases left it: found by its words alone, and so recorded by both.
        await patchProject(connection, own, {
          description: 'Each task is an order for a labelled dataset. Fill in its form and submit. (DatasetGAN orders project)',
        });
        const [row] = await listProjects(one.product.store.db, 'orders');
        const { key, host, ls_id, created_at_unix, title, kind, label_config, callback_url } = row!;
        const shared = { key, host, ls_id, created_at_unix, title, kind, label_config, callback_url };
        await upsertProject(other.product.store.db, { ...shared, state: 'connected' });
        await one.reconcile(own);
        expect(ordersOwner((await getProject(connection, own)).description)).toBe(one.product.serverId);
        const form = await Array.fromAsync(listTasks(connection, own, { fields: ['data'] }));

        const theirs = await ordersOf(foreign);
        expect(theirs).not.toBe(own);
        expect(await getProject(connection, theirs)).toMatchObject({ title: `DatasetGAN orders, ${new URL(other.url).host}` });
        await one.reconcile(own);
        await other.reconcile(theirs);
        expect(await ordersOf(project)).toBe(own);
        expect(await ordersOf(foreign)).toBe(theirs);
        expect(await Array.fromAsync(listTasks(connection, own, { fields: ['data'] }))).toEqual(form);
        expect(await listWebhooks(connection, own)).toMatchObject([{ url: `${one.url}/webhook` }]);
        expect(await listWebhooks(connection, theirs)).toMatchObject([{ url: `${other.url}/webhook` }]);
      });
    });
  });

  it('works with legacy tokens where they are on, and with none at all by the token of /setup', async () => {
    const settings = z.looseObject({ legacy_api_tokens_enabled: z.boolean() });
    const body = { api_tokens_enabled: true, legacy_api_tokens_enabled: true };
    const set = await connection.json(settings, { method: 'POST', path: '/api/jwt/settings', body });
    expect(set.legacy_api_tokens_enabled).toBe(true);
    for (const options of [{ key: real.legacyToken }, {}]) {
      await withServer(options, async (server) => {
        const project = await ConnectedProject.connect(connection, server, { tasks: 2 });
        const version = await project.learn(0);
        expect((await project.predictions()).get(1)).toMatchObject([{ model_version: version }]);
        expect(await project.shownVersion()).toBe(version);
      });
    }
  });
});
