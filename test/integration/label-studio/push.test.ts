import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { metaOf } from '../../../src/label-studio/annotations/task-meta.ts';
import { Connection } from '../../../src/label-studio/connection/connection.ts';
import { pushPredictions } from '../../../src/label-studio/push/push-predictions.ts';
import { pushTasks } from '../../../src/label-studio/push/push-tasks.ts';
import { pushUploads } from '../../../src/label-studio/push/push-uploads.ts';
import {
  type FakeAnswer,
  type FakeLabelStudio,
  type SeenRequest,
  startFakeLabelStudio,
  stillClock,
} from '../../support/fake-label-studio.ts';

const PREDICTIONS = z.array(z.object({ task: z.number(), model_version: z.string() }));
const TASKS = z.array(z.object({ meta: z.unknown() }));
const ACTION = z.object({ selectedItems: z.object({ included: z.array(z.number()) }) });
const QUERY = z.looseObject({
  filters: z.object({ items: z.array(z.object({ filter: z.string(), value: z.unknown() })) }).optional(),
  selectedItems: z.object({ included: z.array(z.number()) }).optional(),
});

/** Stores what it is sent, as Label Studio does: whatever comes, as often as it comes. `trouble` is asked after each commit. */
class Store {
  readonly predictions: { task: number; model_version: string }[] = [];
  readonly tasks: { id: number; meta: unknown }[] = [];
  readonly uploads: { id: number; file: string; size: number }[] = [];
  trouble: (request: SeenRequest) => FakeAnswer | undefined = () => undefined;

  answer(request: SeenRequest): FakeAnswer {
    const { method, path, query, body } = request;
    if (method === 'GET' && path === '/api/tasks/') return this.#list(query);
    if (method === 'GET' && path.endsWith('/file-uploads')) {
      const ids = query.get('ids');
      const wanted = ids === null ? undefined : z.array(z.number()).parse(JSON.parse(ids));
      return { status: 200, json: this.uploads.filter(({ id }) => wanted?.includes(id) ?? true) };
    }
    const json = this.#commit(path, query, body);
    return this.trouble(request) ?? { status: 201, json };
  }

  #commit(path: string, query: URLSearchParams, body: string): unknown {
    if (path === '/api/dm/actions') {
      const { selectedItems } = ACTION.parse(JSON.parse(body));
      const left = this.tasks.filter(({ id }) => !selectedItems.included.includes(id));
      this.tasks.splice(0, this.tasks.length, ...left);
      return { processed_items: selectedItems.included.length };
    }
    if (path.endsWith('/import/predictions')) {
      const rows = PREDICTIONS.parse(JSON.parse(body));
      this.predictions.push(...rows);
      return { created: rows.length };
    }
    if (query.get('commit_to_project') === 'false') {
      const ids = [...body.matchAll(/filename="([^"]+)"/g)].map(([, name]) => {
        const id = this.uploads.length + 1;
        this.uploads.push({ id, file: `upload/1/${String(id).padStart(8, '0')}-${name}`, size: 10 });
        return id;
      });
      return { file_upload_ids: ids };
    }
    const ids = TASKS.parse(JSON.parse(body)).map(({ meta }) => {
      const id = this.tasks.length + 1;
      this.tasks.push({ id, meta });
      return id;
    });
    return { task_count: ids.length, task_ids: ids };
  }

  #list(query: URLSearchParams): FakeAnswer {
    const { filters, selectedItems } = QUERY.parse(JSON.parse(query.get('query') ?? '{}'));
    const value = (column: string) => filters?.items.find(({ filter }) => filter === `filter:tasks:${column}`)?.value;
    const after = Number(value('id') ?? 0);
    const lacking = value('predictions_model_versions');
    const tasks = this.tasks.filter(({ id }) => {
      const has = Array.isArray(lacking) && this.predictions.some((row) => row.task === id && row.model_version === lacking[0]);
      return id > after && !has && (selectedItems?.included.includes(id) ?? true);
    });
    return { status: 200, json: { total: tasks.length, tasks: tasks.slice(0, Number(query.get('page_size'))) } };
  }
}

let server: FakeLabelStudio | undefined;
async function start(store: Store) {
  const clock = stillClock();
  server = await startFakeLabelStudio((request) => store.answer(request));
  return { connection: new Connection({ base: server.url, key: 'legacy-token', clock }), clock, server };
}
afterEach(() => server?.close());

const posts = (path: string) => server?.seen.filter((request) => request.method === 'POST' && request.path.endsWith(path)).length;
const task = (seed: number) => ({
  data: { image: `/${seed}.png` },
  meta: metaOf({ generator: 'sha', seed, class: null, psi: 0.7, cutoff: null }),
});
const file = (seed: number) => ({ name: `seed-${seed}.png`, bytes: new Uint8Array(10), type: 'image/png' });
const prediction = (id: number) => ({ task: id, modelVersion: 'dg-1', score: 0.5, resultJson: '[]' });
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
/** Once. */
const first = (answer: FakeAnswer) => {
  let done = false;
  return () => {
    if (done) return undefined;
    done = true;
    return answer;
  };
};

it('tasks that Label Studio made without their predictions are taken away, and made when asked for again', async () => {
  const store = new Store();
  // As with a locked SQLite: 201, and the tasks alone.
  store.trouble = first({ status: 201, json: { task_count: 2, task_ids: [1, 2], annotation_count: 0, prediction_count: 0 } });
  const { connection } = await start(store);
  const draft = { ...task(5), predictions: [{ modelVersion: 'dg-1', score: 0.5, resultJson: '[]' }] };
  const push = () => pushTasks(connection, 1, [draft, { ...draft, ...task(6) }], new Map());
  await expect(push()).rejects.toThrow('created 2 tasks of project 1 without their predictions');
  expect(store.tasks).toEqual([]);
  expect(await push()).toEqual([1, 2]);
  expect(store.tasks).toHaveLength(2);
});

describe.each([
  ['the connection drops after the commit', 'drop'],
  ['a proxy gives up after the commit', { status: 504 }],
  ['the server fails after the commit', { status: 500 }],
] satisfies [string, FakeAnswer][])('when %s', (_name, answer) => {
  it('predictions are there once', async () => {
    const store = new Store();
    store.tasks.push(...range(3).map((index) => ({ id: index + 1, meta: null })));
    store.trouble = first(answer);
    const { connection } = await start(store);
    await pushPredictions(connection, 1, [1, 2, 3].map(prediction));
    expect(store.predictions.map((row) => row.task)).toEqual([1, 2, 3]);
    expect(posts('/import/predictions')).toBe(1);
  });

  it('tasks are there once, with their ids in order', async () => {
    const store = new Store();
    store.trouble = first(answer);
    const { connection } = await start(store);
    const known = new Map<string, number>();
    expect(await pushTasks(connection, 1, [task(5), task(4), task(5)], known)).toEqual([1, 2, 1]);
    expect(store.tasks).toHaveLength(2);
    expect(await pushTasks(connection, 1, [task(4), task(6)], known)).toEqual([2, 3]);
    expect(posts('/import')).toBe(2);
  });

  it('files are there once', async () => {
    const store = new Store();
    store.trouble = first(answer);
    const { connection } = await start(store);
    const paths = await pushUploads(connection, 1, [file(1), file(2)], new Map());
    expect(paths).toEqual(['/data/upload/1/00000001-seed-1.png', '/data/upload/1/00000002-seed-2.png']);
    expect(store.uploads).toHaveLength(2);
  });
});

describe('pushes', () => {
  it('sends the rest when only the first chunk was committed before a crash', async () => {
    const store = new Store();
    store.tasks.push(...range(2500).map((index) => ({ id: index + 1, meta: null })));
    let calls = 0;
    store.trouble = ({ path }) =>
      path.endsWith('/import/predictions') && ++calls === 1 ? undefined : { status: 401, json: { detail: 'no' } };
    const { connection } = await start(store);
    const all = range(2500).map((index) => prediction(index + 1));
    await expect(pushPredictions(connection, 1, all)).rejects.toMatchObject({ code: 'label-studio-unauthorized' });
    store.predictions.length = 2000;
    store.trouble = () => undefined;
    expect(await pushPredictions(connection, 1, all)).toBe(500);
    expect(store.predictions.map((row) => row.task)).toEqual(range(2500).map((index) => index + 1));
  });

  it('gives up when the trouble lasts, and does not try again what cannot work', async () => {
    const store = new Store();
    store.trouble = () => ({ status: 503 });
    const { connection, clock } = await start(store);
    store.tasks.push({ id: 1, meta: null });
    const trouble = async (status: number) => {
      store.trouble = () => {
        store.predictions.length = 0;
        return { status, json: { detail: 'no' } };
      };
      const before = posts('/import/predictions') ?? 0;
      await expect(pushPredictions(connection, 1, [prediction(1)])).rejects.toThrow();
      return (posts('/import/predictions') ?? 0) - before;
    };
    expect(await trouble(503)).toBe(4);
    expect(clock.slept).toEqual([1_000, 5_000, 20_000]);
    expect(await trouble(400)).toBe(1);
    expect(await trouble(404)).toBe(1);
  });

  it('sends at most 100 files and 30 MB at once', async () => {
    const store = new Store();
    const { connection } = await start(store);
    const progress: number[] = [];
    await pushUploads(connection, 1, range(230).map(file), new Map(), { onProgress: (done) => progress.push(done) });
    expect(progress).toEqual([100, 200, 230]);
    const large = range(3).map((index) => ({ ...file(1000 + index), bytes: new Uint8Array(16_000_000) }));
    const before = posts('/import') ?? 0;
    await pushUploads(connection, 1, large, new Map());
    expect((posts('/import') ?? 0) - before).toBe(3);
  });
});
