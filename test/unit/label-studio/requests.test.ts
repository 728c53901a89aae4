import { describe, expect, it } from 'vitest';
import {
  predictRequestOfBytes,
  setupRequestOfBytes,
  webhookEventOfBytes,
} from '../../../src/label-studio/requests/from-bytes.ts';
import { parsePredictRequest } from '../../../src/label-studio/requests/predict-request.ts';
import { parseSetupRequest } from '../../../src/label-studio/requests/setup-request.ts';
import { parseWebhookEvent } from '../../../src/label-studio/requests/webhook-event.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('parseSetupRequest', () => {
  const body = {
    project: '7.1764000000',
    schema: '<View/>',
    hostname: 'http://localhost:8080',
    access_token: 'a'.repeat(40),
    extra_params: { seed_tasks: 16 },
  };

  it('reads what Label Studio sends', () => {
    expect(parseSetupRequest(body, 'localhost:9090')).toEqual({
      project: '7.1764000000',
      schema: '<View/>',
      hostname: 'http://localhost:8080',
      accessToken: 'a'.repeat(40),
      extraParams: { seed_tasks: 16 },
      sent: { seed_tasks: 16 },
      notes: [],
      host: 'localhost:9090',
    });
    expect(setupRequestOfBytes(bytes(body), 'x')).toEqual(parseSetupRequest(body, 'x'));
  });

  it('takes what the tests of other ML backends send: no hostname, no token, a plain project id', () => {
    expect(parseSetupRequest({ project: '1.1000000000', schema: '<View></View>', extra_params: {} })).toEqual({
      project: '1.1000000000',
      schema: '<View></View>',
      extraParams: {},
      sent: {},
      notes: [],
    });
    expect(parseSetupRequest({ schema: '<View/>', project: '42' }).project).toBe('42');
    expect(parseSetupRequest({ schema: '<View/>', project: 42 }).project).toBe('42');
    expect(
      parseSetupRequest({ schema: '', project: '1', hostname: null, access_token: null, extra_params: null, job_id: 1 }),
    ).toEqual({
      project: '1',
      schema: '',
      extraParams: {},
      sent: {},
      notes: [],
    });
  });

  it.each([
    ['an object', { seed_tasks: 16, orders: true }],
    ['a JSON string, as the connect form sends it', ' {"seed_tasks": 16, "orders": true}\n'],
    ['with a number in quotes', { seed_tasks: '16', orders: true, psi: null }],
  ])('takes extra_params as %s', (_, extra_params) => {
    expect(parseSetupRequest({ ...body, extra_params })).toMatchObject({
      extraParams: { seed_tasks: 16, orders: true },
      notes: [],
    });
    expect(Object.keys(parseSetupRequest({ ...body, extra_params }).extraParams)).toEqual(['seed_tasks', 'orders']);
  });

  it('reads every parameter there is', () => {
    const all = {
      seed_tasks: 0,
      orders: false,
      sampling: 'uncertainty',
      generator: 'portraits-256',
      psi: 0.7,
      cutoff: null,
      classes: [0, 3],
    };
    expect(parseSetupRequest({ ...body, extra_params: JSON.stringify(all) }).extraParams).toEqual(all);
  });

  it.each([
    ['{"seed_tasks": 16', /not valid JSON/],
    ['seed_tasks=16', /not valid JSON/],
    ['[1]', /not a JSON object/],
    [12, /not a JSON object/],
  ])('leaves out %s with a note', (extra_params, note) => {
    const { extraParams, notes } = parseSetupRequest({ ...body, extra_params });
    expect(extraParams).toEqual({});
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  it('names unknown keys with the nearest known one', () => {
    const notes = (extra_params: unknown) => parseSetupRequest({ ...body, extra_params }).notes;
    expect(notes({ seed_task: 16 })).toEqual(["extra_params has an unknown key 'seed_task'; did you mean 'seed_tasks'?"]);
    expect(notes('{"Seed-Tasks": 16, "psi": 1}')).toEqual([
      "extra_params has an unknown key 'Seed-Tasks'; did you mean 'seed_tasks'?",
    ]);
    expect(notes('{"__proto__": {"psi": 1}}')).toEqual([expect.stringMatching(/unknown key '__proto__'; known: seed_tasks, /)]);
    expect(parseSetupRequest({ ...body, extra_params: { seed_task: 16, orders: true } }).extraParams).toEqual({ orders: true });
  });

  it.each([
    'http://localhost:8080/?x=',
    'http://localhost:8080/#',
    'http://localhost:8080?',
    'http://user:pass@localhost:8080',
    'http://localhost:8080\\@evil',
    'file:///etc/passwd',
    'localhost:8080',
  ])('refuses the hostname %s', (hostname) => {
    expect(() => parseSetupRequest({ ...body, hostname })).toThrow(/hostname must be an address/);
  });

  it('takes a hostname with a path', () => {
    const hostname = 'https://tools.example.org:8443/label-studio/';
    expect(parseSetupRequest({ ...body, hostname }).hostname).toBe(hostname);
  });

  it('treats null, an empty string and an empty object as nothing', () => {
    for (const extra_params of [null, '', '  ', {}, '{}', undefined]) {
      expect(parseSetupRequest({ ...body, extra_params })).toMatchObject({ extraParams: {}, notes: [] });
    }
  });

  it('keeps the good parameters beside bad ones', () => {
    const { extraParams, notes } = parseSetupRequest({
      ...body,
      extra_params: { seed_tasks: -1, psi: 'high', orders: 'yes', sampling: 'random', cutoff: 4, generator: '', classes: -1 },
    });
    expect(extraParams).toEqual({ cutoff: 4 });
    expect(notes).toHaveLength(6);
    expect(notes[0]).toBe('extra_params.seed_tasks must be a whole number from 0 to 100000');
    for (const seed_tasks of ['', 1.5, true, '1e3', [3]]) {
      expect(parseSetupRequest({ ...body, extra_params: { seed_tasks } }).extraParams).toEqual({});
    }
  });

  it.each([[null], [[]], ['x'], [{}], [{ project: '1' }], [{ schema: '<View/>' }], [{ project: '', schema: '' }]])(
    'refuses %j',
    (value) => {
      expect(() => parseSetupRequest(value)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    },
  );
});

describe('parsePredictRequest', () => {
  const task = { id: 3, data: { image: '/data/upload/1/x.png' }, meta: { datasetgan: { seed: 5 } } };

  it('keeps id, data and meta of each task, and nothing of its annotations', () => {
    const body = {
      tasks: [{ ...task, annotations: [{ id: 1, result: [] }], predictions: [], is_labeled: false }],
      project: '7.1764000000',
      label_config: '<View/>',
      params: { login: null, password: null, context: null },
    };
    const expected = { tasks: [task], project: '7.1764000000', labelConfig: '<View/>', context: null, deadline: 99 };
    expect(parsePredictRequest(body, 99)).toEqual(expected);
    expect(predictRequestOfBytes(bytes(body), 99)).toEqual(expected);
  });

  it('takes what the tests of other ML backends send', () => {
    // tasks as an object, an empty config, an empty context
    expect(
      parsePredictRequest({ tasks: task, project: '1.1000000000', label_config: '<View></View>', params: { context: {} } }, 0),
    ).toEqual({
      tasks: [task],
      project: '1.1000000000',
      labelConfig: '<View></View>',
      context: null,
      deadline: 0,
    });
    // neither params nor project
    expect(parsePredictRequest({ tasks: [task], label_config: '<View/>' }, 0)).toMatchObject({ project: null, context: null });
    expect(parsePredictRequest({ tasks: [], label_config: '', params: 'x' }, 0)).toMatchObject({
      tasks: [],
      labelConfig: null,
      context: null,
    });
  });

  it('keeps a place for every entry, also for one that is no task', () => {
    const { tasks } = parsePredictRequest({ tasks: [null, 'x', { data: { text: 'y' } }, { id: 'a', data: 3 }, task] }, 0);
    expect(tasks).toEqual([
      { id: null, data: {}, meta: null },
      { id: null, data: {}, meta: null },
      { id: null, data: { text: 'y' }, meta: null },
      { id: null, data: {}, meta: null },
      task,
    ]);
  });

  it('hands on the prompts of an interactive request', () => {
    const context = { result: [{ type: 'keypointlabels' }] };
    expect(parsePredictRequest({ tasks: [task], params: { context } }, 0).context).toEqual(context);
    expect(parsePredictRequest({ tasks: [task], params: { context: { result: [] } } }, 0).context).toEqual({ result: [] });
  });

  it.each([[null], [{}], [{ tasks: 'x' }], [{ tasks: null }], [[]]])('refuses %j', (value) => {
    expect(() => parsePredictRequest(value, 0)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('refuses bytes that are not JSON in UTF-8', () => {
    for (const body of [Uint8Array.of(0x7b, 0xff, 0x7d), new Uint8Array(0), bytes({}).subarray(1)]) {
      expect(() => predictRequestOfBytes(body, 0)).toThrow(
        expect.objectContaining({ code: 'bad-request', message: 'The body is not valid JSON.' }),
      );
    }
  });
});

describe('parseWebhookEvent', () => {
  const project = {
    id: 7,
    created_at: '2026-11-24T10:00:00.000001Z',
    token: 'secret',
    label_config: '<View/>',
  };
  const common = { projectId: 7, projectCreatedAt: '2026-11-24T10:00:00.000001Z', labelConfig: '<View/>', hasAnnotations: false };

  it.each([
    ['PROJECT_UPDATED', {}, [], []],
    [
      'TASKS_CREATED',
      {
        tasks: [
          { id: 1, data: {} },
          { id: 2, data: {} },
        ],
      },
      [1, 2],
      [],
    ],
    ['TASKS_DELETED', { tasks: [{ id: 1 }, { id: 2 }] }, [1, 2], []],
    ['ANNOTATION_CREATED', { annotation: { id: 5, task: 3, result: [] }, task: { id: 3, data: {} } }, [3], [5]],
    [
      'ANNOTATIONS_CREATED',
      {
        annotation: [
          { id: 5, task: 3 },
          { id: 6, task: 4 },
        ],
        task: [{ id: 3 }, { id: 4 }],
      },
      [3, 4],
      [5, 6],
    ],
    ['ANNOTATION_UPDATED', { annotation: { id: 5, task: 3 }, task: { id: 3 } }, [3], [5]],
    ['ANNOTATIONS_DELETED', { annotations: [{ id: 5 }, { id: 6 }] }, [], [5, 6]],
    ['LABEL_LINK_CREATED', { label_link: [{ id: 1 }] }, [], []],
    ['LABEL_LINK_DELETED', { label_link: { id: 1 } }, [], []],
    ['START_TRAINING', { hostname: 'http://localhost:8080' }, [], []],
    ['REVIEW_CREATED', { review: { id: 1 } }, [], []],
  ])('reads %s', (action, keys, taskIds, annotationIds) => {
    expect(parseWebhookEvent({ action, project, ...keys })).toEqual({ action, ...common, taskIds, annotationIds });
    expect(webhookEventOfBytes(bytes({ action, project, ...keys }))).toEqual({ action, ...common, taskIds, annotationIds });
  });

  it('sees annotations in tasks that were made with them', () => {
    const has = (task: object) =>
      parseWebhookEvent({
        action: 'TASKS_CREATED',
        tasks: [
          { id: 1, total_annotations: 0 },
          { id: 2, ...task },
        ],
      }).hasAnnotations;
    expect(has({ total_annotations: 1 })).toBe(true);
    expect(has({ annotations: [{}] })).toBe(true);
    expect(has({ total_annotations: 0, annotations: [] })).toBe(false);
    expect(has({ total_annotations: null })).toBe(false);
  });

  const nothing = {
    projectId: null,
    projectCreatedAt: null,
    labelConfig: null,
    taskIds: [],
    annotationIds: [],
    hasAnnotations: false,
  };
  it('reads minimal bodies: no payload, or a project of id and label config only', () => {
    expect(parseWebhookEvent({ action: 'ANNOTATION_CREATED' })).toEqual({ ...nothing, action: 'ANNOTATION_CREATED' });
    expect(parseWebhookEvent({ action: 'ANNOTATION_CREATED', project: { id: 1, label_config: '<View></View>' } })).toEqual({
      ...nothing,
      action: 'ANNOTATION_CREATED',
      projectId: 1,
      labelConfig: '<View></View>',
    });
    expect(parseWebhookEvent({ action: 'PROJECT_DELETED', project: { id: 9 } }).projectId).toBe(9);
  });

  it('never fails on an object of another form', () => {
    for (const body of [
      null,
      'x',
      3,
      [],
      {},
      { action: 5 },
      { action: {}, project: 'x', tasks: 'y', annotation: [null, 3, { id: 'z' }], task: null },
    ]) {
      expect(parseWebhookEvent(body)).toEqual({ ...nothing, action: '' });
    }
  });
});
