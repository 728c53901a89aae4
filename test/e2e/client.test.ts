import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseAnnotatedTask } from '../../src/label-studio/annotations/annotated-task.ts';
import { metaOf } from '../../src/label-studio/annotations/task-meta.ts';
import { annotationMarks, createAnnotation, readAnnotations } from '../../src/label-studio/client/annotations.ts';
import { Connections } from '../../src/label-studio/client/connections.ts';
import { dataManagerAction } from '../../src/label-studio/client/data-manager-action.ts';
import { createMlBackend, deleteMlBackend } from '../../src/label-studio/client/ml-backends.ts';
import { deleteModelVersion, modelVersions } from '../../src/label-studio/client/model-versions.ts';
import { getPrediction, importPredictions, listPredictions } from '../../src/label-studio/client/predictions.ts';
import {
  createProject,
  deleteProject,
  getProject,
  listProjects,
  patchProject,
  projectUid,
} from '../../src/label-studio/client/projects.ts';
import { probeAddress, serverVersion, whoAmI } from '../../src/label-studio/client/server.ts';
import { download } from '../../src/label-studio/client/task-image.ts';
import { notAnnotated, notPredictedBy, predictedBy } from '../../src/label-studio/client/task-query.ts';
import { countTasks, createTask, fingerprint, importTasks, listTasks, patchTask } from '../../src/label-studio/client/tasks.ts';
import { deleteUploads, listUploads } from '../../src/label-studio/client/uploads.ts';
import { createWebhook, deleteWebhook, listWebhooks } from '../../src/label-studio/client/webhooks.ts';
import { Connection } from '../../src/label-studio/connection/connection.ts';
import { diagnose } from '../../src/label-studio/doctor/diagnose.ts';
import { deleteDoublePredictions } from '../../src/label-studio/push/delete-double-predictions.ts';
import { deleteDoubleTasks } from '../../src/label-studio/push/delete-double-tasks.ts';
import { pushPredictions } from '../../src/label-studio/push/push-predictions.ts';
import { knownTasks, pushTasks } from '../../src/label-studio/push/push-tasks.ts';
import { knownUploads, pushUploads } from '../../src/label-studio/push/push-uploads.ts';
import { stillClock } from '../support/fake-label-studio.ts';
import { describeWithLabelStudio, type RealLabelStudio, startRealLabelStudio } from '../support/real-label-studio.ts';

const CONFIG = `<View><Image name="image" value="$image"/><BrushLabels name="label" toName="image">
  <Label value="Hair"/><Label value="Face"/></BrushLabels></View>`;
const VERSION = 'dg-aaaaaaaaaaaa';
const NEXT = 'dg-bbbbbbbbbbbb';

const region = (label = 'Hair') => ({
  id: 'r1',
  from_name: 'label',
  to_name: 'image',
  type: 'brushlabels',
  original_width: 16,
  original_height: 16,
  image_rotation: 0,
  value: { format: 'rle', rle: [0, 0, 4, 0, 57, 27, 255, 0], brushlabels: [label] },
});
const regions = (label?: string) => JSON.stringify([region(label)]);
const meta = (seed: number) => metaOf({ generator: 'sha', seed, class: null, psi: 0.7, cutoff: null });
const draft = (seed: number) => ({ data: { image: `/data/upload/1/${seed}.png` }, meta: meta(seed) });

/** An ML backend that answers everything and counts what it was asked. */
async function startBackend() {
  const calls: string[] = [];
  const server: Server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    request
      .resume()
      .on('end', () => response.setHeader('content-type', 'application/json').end('{"model_version":null,"status":"UP"}'));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, calls, close: () => new Promise((closed) => server.close(closed)) };
}

describeWithLabelStudio('client against a real Label Studio', () => {
  let real: RealLabelStudio;
  /** Legacy tokens on, and the defaults of 1.23.1 that block addresses of this machine. */
  let other: RealLabelStudio;
  let connection: Connection;

  beforeAll(async () => {
    [real, other] = await Promise.all([
      startRealLabelStudio(),
      startRealLabelStudio({ legacyTokens: true, env: { ML_BLOCK_LOCAL_IP: 'true', SSRF_PROTECTION_ENABLED: 'true' } }),
    ]);
    connection = new Connection({ base: `${real.url}/`, key: real.personalAccessToken });
  });

  afterAll(async () => {
    await Promise.all([real?.stop(), other?.stop()]);
  });

  const project = async (title: string) => (await createProject(connection, { title, label_config: CONFIG })).id;

  describe('keys', () => {
    it('takes a personal access token', async () => {
      expect(connection.kind).toBe('personal access token');
      expect((await whoAmI(connection)).email).toBe(real.email);
      expect(await serverVersion(connection)).toMatch(/^1\.\d+\.\d+/);
    });

    it('takes a legacy token where they are on', async () => {
      expect((await whoAmI(new Connection({ base: other.url, key: other.legacyToken }))).email).toBe(other.email);
    });

    it('says that legacy tokens are off, and what to do', async () => {
      await expect(whoAmI(new Connection({ base: real.url, key: real.legacyToken }))).rejects.toMatchObject({
        code: 'label-studio-unauthorized',
        message: expect.stringContaining('has legacy tokens turned off'),
        fix: expect.stringContaining('Personal Access Token'),
      });
    });

    it('says that the token is of another server', async () => {
      await expect(whoAmI(new Connection({ base: other.url, key: real.personalAccessToken }))).rejects.toMatchObject({
        code: 'label-studio-unauthorized',
        message: expect.stringContaining('does not accept the personal access token'),
      });
      await expect(whoAmI(new Connection({ base: other.url, key: 'f'.repeat(40) }))).rejects.toMatchObject({
        code: 'label-studio-unauthorized',
        message: expect.stringContaining('does not know the legacy token'),
      });
    });

    it('renews the access token before its five minutes are over, by its own clock', async () => {
      const clock = stillClock();
      const http = axios.create();
      let renewals = 0;
      http.interceptors.request.use((config) => {
        if (config.url?.endsWith('/api/token/refresh/') === true) renewals++;
        return config;
      });
      const own = new Connection({ base: real.url, key: real.personalAccessToken, http, clock });
      await Promise.all([whoAmI(own), whoAmI(own), whoAmI(own)]);
      clock.time += 269_000;
      await whoAmI(own);
      expect(renewals).toBe(1);
      clock.time += 2_000;
      await whoAmI(own);
      expect(renewals).toBe(2);
    });

    it('survives an access token that expires in mid-run, and sends the POST once', async () => {
      const secret = await real.secretKey();
      const now = Math.floor(Date.now() / 1000);
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const payload = { token_type: 'access', exp: now - 10, iat: now - 310, jti: 'f'.repeat(32), user_id: '1' };
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
      const expired = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      const http = axios.create();
      const statuses: string[] = [];
      http.interceptors.response.use((response) => {
        const path = new URL(response.config.url ?? '').pathname;
        statuses.push(`${path} ${response.status}`);
        if (path === '/api/token/refresh/' && statuses.length === 1)
          response.data = new TextEncoder().encode(JSON.stringify({ access: expired })).buffer;
        return response;
      });
      const own = new Connection({ base: real.url, key: real.personalAccessToken, http });
      const made = await createProject(own, { title: 'Once, please', label_config: CONFIG });
      expect(statuses).toEqual([
        '/api/token/refresh/ 200',
        '/api/projects/ 401',
        '/api/token/refresh/ 200',
        '/api/projects/ 201',
      ]);
      const same = (await Array.fromAsync(listProjects(connection))).filter(({ title }) => title === made.title);
      expect(same).toHaveLength(1);
    });
  });

  describe('projects', () => {
    it('reads, changes and deletes', async () => {
      const id = await project('Projects');
      const changed = await patchProject(connection, id, { sampling: 'Uncertainty sampling', description: 'x' });
      expect(changed).toMatchObject({ sampling: 'Uncertainty sampling', description: 'x', model_version: '' });
      await expect(patchProject(connection, id, { model_version: 'nobody' })).rejects.toMatchObject({
        code: 'label-studio-error',
        message: expect.stringContaining("Model version doesn't exist"),
      });
      await deleteProject(connection, id);
      await deleteProject(connection, id);
      await expect(getProject(connection, id)).rejects.toMatchObject({ code: 'label-studio-gone' });
      await expect(fingerprint(connection, id)).rejects.toMatchObject({ code: 'label-studio-gone' });
    });

    it('is found on the right server, and only there', async () => {
      const here = await createProject(connection, { title: 'Which server', label_config: CONFIG });
      const both = new Connections({
        labelStudios: [
          { url: other.url, apiKey: other.personalAccessToken },
          { url: real.url, apiKey: real.personalAccessToken },
        ],
      });
      const uid = projectUid(here);
      // Every default server gives itself this name.
      const found = await both.resolve({ uid, hostname: 'http://localhost:8080' });
      expect(found.connection.base).toBe(real.url);
      expect(found.project.id).toBe(here.id);

      const one = new Connections({ labelStudios: [{ url: other.url, apiKey: other.personalAccessToken }] });
      await expect(one.resolve({ uid, hostname: 'http://localhost:8080' })).rejects.toMatchObject({
        code: 'wrong-server',
        message: expect.stringContaining(other.url),
      });
      const sameNumber = `${here.id}.${Number(uid.split('.')[1]) - 1}`;
      const here2 = new Connections({ labelStudios: [{ url: real.url, apiKey: real.personalAccessToken }] });
      await expect(here2.resolve({ uid: sameNumber, hostname: real.url })).rejects.toMatchObject({ code: 'wrong-server' });
    });

    it('takes the access_token of /setup for its own hostname on this machine', async () => {
      const there = new Connection({ base: other.url, key: other.personalAccessToken });
      const made = await createProject(there, { title: 'By access token', label_config: CONFIG });
      const none = new Connections({ labelStudios: [] });
      const found = await none.resolve({ uid: projectUid(made), hostname: other.url, accessToken: other.legacyToken });
      expect(found.project.title).toBe('By access token');
      await expect(none.resolve({ uid: projectUid(made), hostname: other.url })).rejects.toMatchObject({ code: 'bad-token' });
    });
  });

  describe('pushing', () => {
    it('uploads, imports and predicts; and again, with nothing twice', async () => {
      const id = await project('Twice is safe');
      const files = Array.from({ length: 130 }, (_, seed) => ({
        name: `seed-${seed}.png`,
        bytes: Uint8Array.from({ length: 300 }, (_byte, index) => (index * (seed + 1)) % 256),
        type: 'image/png',
      }));
      const push = async () => {
        const paths = await pushUploads(connection, id, files, await knownUploads(connection, id));
        const tasks = paths.map((image, seed) => ({ data: { image }, meta: meta(seed) }));
        const ids = await pushTasks(connection, id, tasks, await knownTasks(connection, id));
        const predictions = ids.map((task) => ({ task, modelVersion: VERSION, score: 0.5, resultJson: regions() }));
        return { paths, ids, sent: await pushPredictions(connection, id, predictions) };
      };
      const first = await push();
      expect(first.sent).toBe(130);
      expect(await push()).toEqual({ ...first, sent: 0 });
      expect(await listUploads(connection, id)).toHaveLength(130);
      expect(await countTasks(connection, id)).toBe(130);
      expect((await modelVersions(connection, id)).predictions).toEqual([{ version: VERSION, count: 130 }]);
      expect(await download(connection, first.paths[57] ?? '')).toEqual(files[57]?.bytes);
      const listed = await Array.fromAsync(listTasks(connection, id, { fields: ['meta', 'data'], pageSize: 40 }));
      expect(listed.map(({ id: task }) => task)).toEqual(first.ids);
      expect(listed[57]).toMatchObject({ meta: meta(57), data: { image: first.paths[57] } });
      await deleteUploads(connection, id, [(await listUploads(connection, id))[0]?.id ?? 0]);
      expect((await knownUploads(connection, id)).size).toBe(129);
    });

    it('deletes doubles of predictions and tasks', async () => {
      const id = await project('Doubles');
      const ids = await importTasks(connection, id, [0, 1, 2].map(draft));
      const rows = (version: string) => ids.map((task) => ({ task, modelVersion: version, score: 0.5, resultJson: regions() }));
      await importPredictions(connection, id, rows(VERSION));
      await importPredictions(connection, id, rows(NEXT));
      expect(await deleteDoublePredictions(connection, id, VERSION)).toBe(0);
      await importPredictions(connection, id, rows(VERSION).slice(1));
      expect(await deleteDoublePredictions(connection, id, VERSION)).toBe(2);
      const left = (await Promise.all(ids.map((task) => listPredictions(connection, task)))).flat();
      expect(left.map(({ task, model_version: version }) => `${task} ${version}`).sort()).toEqual(
        ids.flatMap((task) => [`${task} ${VERSION}`, `${task} ${NEXT}`]),
      );

      const again = await importTasks(connection, id, [0, 1].map(draft));
      await createAnnotation(connection, again[1] ?? 0, { result: [region()], lead_time: 1 });
      expect(await deleteDoubleTasks(connection, id)).toBe(2);
      const kept = await Array.fromAsync(listTasks(connection, id));
      // Of seed 1 the annotated task stays, of seed 0 the first.
      expect(kept.map((task) => task.id)).toEqual([ids[0], ids[2], again[1]]);
    });

    it('says when Label Studio drops predictions', async () => {
      const id = await project('Dropped');
      const [task = 0] = await importTasks(connection, id, [draft(0)]);
      const rows = ['Hair', 'Tail'].map((label) => ({ task, modelVersion: VERSION, score: 0.5, resultJson: regions(label) }));
      await expect(importPredictions(connection, id, rows)).rejects.toMatchObject({
        code: 'label-studio-error',
        message: expect.stringContaining('stored 1 of 2'),
      });
    });

    it('leaves out the predictions of deleted tasks', async () => {
      const id = await project('Deleted tasks');
      const ids = await importTasks(connection, id, [0, 1].map(draft));
      await dataManagerAction(connection, id, 'delete_tasks', [ids[0] ?? 0]);
      const rows = ids.map((task) => ({ task, modelVersion: VERSION, score: 0.5, resultJson: regions() }));
      expect(await pushPredictions(connection, id, rows)).toBe(1);
    });

    it('finds the tasks that a version lacks', async () => {
      const id = await project('Lacking');
      const ids = await importTasks(
        connection,
        id,
        [0, 1, 2, 3].map((seed) => ({
          ...draft(seed),
          predictions: [{ modelVersion: VERSION, score: 0.5, resultJson: regions() }],
        })),
      );
      await importPredictions(
        connection,
        id,
        ids.slice(0, 2).map((task) => ({ task, modelVersion: NEXT, score: 0.5, resultJson: regions() })),
      );
      await createAnnotation(connection, ids[3] ?? 0, { result: [], lead_time: 1 });
      const lacking = await Array.fromAsync(listTasks(connection, id, { filters: [notPredictedBy(NEXT)] }));
      expect(lacking.map((task) => task.id)).toEqual(ids.slice(2));
      expect(await countTasks(connection, id, [notPredictedBy(NEXT), notAnnotated])).toBe(1);
      expect(await countTasks(connection, id, [predictedBy(NEXT)])).toBe(2);
      const [one] = await Array.fromAsync(
        listTasks(connection, id, { fields: ['predictions_model_versions'], ids: ids.slice(0, 1) }),
      );
      expect(one?.predictions_model_versions?.split(',').sort()).toEqual([VERSION, NEXT]);
      expect(await deleteModelVersion(connection, id, VERSION)).toBe(4);
      expect((await modelVersions(connection, id)).predictions).toEqual([{ version: NEXT, count: 2 }]);
    });
  });

  describe('annotations', () => {
    it('moves the fingerprint with everything a human does, and with nothing we push', async () => {
      const id = await project('Fingerprint');
      const ids = await importTasks(connection, id, [0, 1].map(draft));
      const [task = 0, second = 0] = ids;
      let last = await fingerprint(connection, id);
      const moved = async () => {
        const now = await fingerprint(connection, id);
        const different = now !== last;
        last = now;
        return different;
      };
      expect(await moved()).toBe(false);
      const annotation = await createAnnotation(connection, task, { result: [region()], lead_time: 2 });
      expect(await moved()).toBe(true);
      await connection.done({ method: 'PATCH', path: `/api/annotations/${annotation.id}/`, body: { result: [region('Face')] } });
      expect(await moved()).toBe(true);
      const skip = await createAnnotation(connection, second, { result: [], was_cancelled: true });
      expect(await moved()).toBe(true);
      await importPredictions(connection, id, [{ task, modelVersion: VERSION, score: 0.5, resultJson: regions() }]);
      await patchProject(connection, id, { model_version: VERSION });
      expect(await moved()).toBe(false);
      await connection.done({ method: 'DELETE', path: `/api/annotations/${skip.id}/` });
      expect(await moved()).toBe(true);
      await connection.done({ method: 'DELETE', path: `/api/annotations/${annotation.id}/` });
      expect(await moved()).toBe(true);
      await createTask(connection, id, { data: { image: '/x.png' } });
      expect(await moved()).toBe(true);
    });

    it('lists marks, and reads only the annotations asked for, without predictions', async () => {
      const id = await project('Reading');
      const ids = await importTasks(
        connection,
        id,
        [0, 1, 2].map((seed) => ({
          ...draft(seed),
          predictions: [{ modelVersion: VERSION, score: 0.5, resultJson: regions() }],
        })),
      );
      const [first = 0, second = 0, third = 0] = ids;
      const prediction = (await listPredictions(connection, first))[0];
      const made = await createAnnotation(connection, first, {
        result: [region('Face')],
        lead_time: 3,
        parent_prediction: prediction?.id ?? 0,
      });
      const skipped = await createAnnotation(connection, first, { result: [], was_cancelled: true });
      await createAnnotation(connection, second, { result: [], was_cancelled: true });
      await dataManagerAction(connection, id, 'predictions_to_annotations', [third]);
      const marks = await Array.fromAsync(annotationMarks(connection, id));
      expect(marks.map(({ task, wasCancelled }) => [task, wasCancelled])).toEqual([
        [first, false],
        [first, true],
        [third, false],
      ]);
      expect(new Set(marks.map((mark) => mark.id)).has(skipped.id)).toBe(true);
      const bodies = await Array.fromAsync(readAnnotations(connection, id, [first, third]));
      const text = Buffer.from(bodies[0] ?? []).toString();
      expect(bodies).toHaveLength(1);
      expect(text).not.toContain('"predictions"');
      const tasks = z
        .object({ tasks: z.array(z.unknown()) })
        .parse(JSON.parse(text))
        .tasks.map(parseAnnotatedTask);
      expect(tasks[0]).toMatchObject({ id: first, meta: meta(0) });
      expect(tasks[0]?.annotations.find((annotation) => annotation.id === made.id)).toMatchObject({
        result: [region('Face')],
        lead_time: 3,
        was_cancelled: false,
        parent_prediction: prediction?.id,
      });
      // "Create annotations from predictions": no human worked on it.
      expect(tasks[1]?.annotations[0]).toMatchObject({ lead_time: null, result: [region()] });
      expect((await getPrediction(connection, prediction?.id ?? 0)).model_version).toBe(VERSION);
      await patchTask(connection, first, { data: { image: '/y.png' } });
      const [patched] = await Array.fromAsync(listTasks(connection, id, { fields: ['data', 'meta'], ids: [first] }));
      expect(patched).toMatchObject({ data: { image: '/y.png' }, meta: meta(0) });
    });
  });

  describe('backends and webhooks', () => {
    it('sees that we are connected, under which title, without a call to the backend', async () => {
      const backend = await startBackend();
      try {
        const id = await project('Connected');
        expect((await modelVersions(connection, id)).backends).toEqual([]);
        const row = await createMlBackend(connection, id, {
          url: backend.url,
          title: 'DatasetGAN',
          extra_params: '{"seed_tasks": 16}',
        });
        expect(backend.calls).toEqual(['GET /health', 'POST /setup', 'GET /health', 'POST /setup']);
        backend.calls.length = 0;
        const { backends } = await modelVersions(connection, id);
        expect(backends).toMatchObject([
          { id: row.id, url: backend.url, title: 'DatasetGAN', state: 'CO', extra_params: '{"seed_tasks": 16}' },
        ]);
        await fingerprint(connection, id);
        await Array.fromAsync(listTasks(connection, id, { fields: ['meta'] }));
        await Array.fromAsync(annotationMarks(connection, id));
        const [hook] = await listWebhooks(connection, id);
        expect(hook).toMatchObject({
          url: `${backend.url}/webhook`,
          is_active: true,
          send_for_all_actions: true,
          send_payload: true,
        });
        expect((await getProject(connection, id)).model_version).toBe('DatasetGAN');
        expect(backend.calls).toEqual([]);
        await deleteMlBackend(connection, row.id);
        await deleteMlBackend(connection, row.id);
        expect((await modelVersions(connection, id)).backends).toEqual([]);
        expect((await getProject(connection, id)).model_version).toBe('');
        // It stays behind.
        expect(await listWebhooks(connection, id)).toHaveLength(1);
        await deleteWebhook(connection, hook?.id ?? 0);
        await deleteWebhook(connection, hook?.id ?? 0);
        expect(await listWebhooks(connection, id)).toEqual([]);
      } finally {
        await backend.close();
      }
    });

    it('makes webhooks with a secret header, not for a host without a dot', async () => {
      const id = await project('Webhooks');
      const hook = await createWebhook(connection, id, { url: 'http://127.0.0.1:9090/webhook', headers: { 'X-Secret': 'abc' } });
      expect(await listWebhooks(connection, id)).toMatchObject([{ id: hook.id }]);
      expect(JSON.stringify(await listWebhooks(connection, id))).not.toContain('abc');
      await expect(createWebhook(connection, id, { url: 'http://ml-backend:9090/webhook', headers: {} })).rejects.toMatchObject({
        code: 'label-studio-error',
        message: expect.stringContaining('Enter a valid URL'),
      });
    });

    it('judges an address without making anything', async () => {
      const there = new Connection({ base: other.url, key: other.personalAccessToken });
      const fine = { backend: 'fine', webhook: 'fine', detail: '' };
      expect(await probeAddress(connection, 'http://127.0.0.1:9090/')).toEqual(fine);
      expect(await probeAddress(connection, 'http://ml-backend:9090')).toMatchObject({
        backend: 'unresolvable',
        webhook: 'invalid',
      });
      expect(await probeAddress(there, 'http://127.0.0.1:9090')).toMatchObject({ backend: 'blocked', webhook: 'blocked' });
    });

    it('says what is wrong with a project, and calls nobody', async () => {
      const backend = await startBackend();
      try {
        const id = await project('Doctor');
        const other = await project('Not ours');
        await createMlBackend(connection, id, { url: backend.url, title: 'DatasetGAN', is_interactive: true });
        const [hook] = await listWebhooks(connection, id);
        await connection.done({ method: 'PATCH', path: `/api/webhooks/${hook?.id}/`, body: { is_active: false } });
        const [task = 0] = await importTasks(connection, id, [draft(0)]);
        await importPredictions(connection, id, [{ task, modelVersion: 'theirs', score: 0.5, resultJson: regions() }]);
        await patchProject(connection, id, { model_version: 'theirs' });
        backend.calls.length = 0;
        const known = {
          host: real.url,
          id,
          title: 'Doctor',
          uid: null,
          address: null,
          currentVersion: { id: VERSION, labels: ['Background', 'Hair', 'Skin'], keypoints: [] },
          problem: { message: 'The last training failed.', fix: 'Annotate more.' },
        };
        const questions = { labelStudios: [{ url: real.url, apiKey: real.personalAccessToken }], ours: [backend.url] };
        const [server, section] = await Array.fromAsync(diagnose({ ...questions, projects: [known] }));
        expect(server?.findings.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok']);
        const bad = section?.findings.filter(({ level }) => level !== 'ok').map(({ what }) => what);
        expect(bad).toEqual([
          'The last training failed.',
          expect.stringContaining('interactive'),
          expect.stringContaining('webhook'),
          expect.stringContaining('Skin'),
          expect.stringContaining('Face'),
          expect.stringContaining('"theirs"'),
        ]);
        const elsewhere = { ...known, uid: `${id}.1` };
        const [, wrong] = await Array.fromAsync(diagnose({ ...questions, projects: [elsewhere] }));
        expect(wrong?.findings).toMatchObject([{ level: 'fail', what: expect.stringContaining('another with the same number') }]);
        const found = await Array.fromAsync(diagnose({ ...questions, projects: null }));
        expect(found.map(({ title }) => title)).toEqual([real.url, `project ${id} "Doctor"`]);
        expect(found.some(({ title }) => title.includes(String(other)))).toBe(false);
        expect(backend.calls).toEqual([]);
      } finally {
        await backend.close();
      }
    });

    it('says what is wrong with a token', async () => {
      const labelStudios = [
        { url: real.url, apiKey: real.legacyToken },
        { url: other.url, apiKey: null },
      ];
      const sections = await Array.fromAsync(diagnose({ labelStudios, ours: [], projects: [] }));
      expect(sections.map(({ findings }) => findings)).toMatchObject([
        [{ level: 'fail', what: expect.stringContaining('legacy tokens turned off') }],
        [{ level: 'fail', what: expect.stringContaining('no LABEL_STUDIO_API_KEY') }],
      ]);
    });

    it('names the settings that block addresses of this machine', async () => {
      const there = new Connection({ base: other.url, key: other.personalAccessToken });
      const id = (await createProject(there, { title: 'Blocked', label_config: CONFIG })).id;
      await expect(createMlBackend(there, id, { url: 'http://127.0.0.1:9', title: 'x' })).rejects.toMatchObject({
        code: 'label-studio-error',
        fix: expect.stringContaining('ML_BLOCK_LOCAL_IP=false'),
      });
      await expect(createWebhook(there, id, { url: 'http://127.0.0.1:9/webhook', headers: {} })).rejects.toMatchObject({
        fix: expect.stringContaining('SSRF_PROTECTION_ENABLED=false'),
      });
    });
  });
});
