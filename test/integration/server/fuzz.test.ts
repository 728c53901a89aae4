import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serve } from '../../../src/cli/serve.ts';
import { createLogger } from '../../../src/log.ts';
import { readSettings } from '../../../src/settings.ts';
import { updateProject } from '../../../src/store/projects.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { type FuzzRequest, type Operation, RequestFuzzer } from '../../support/fuzz-requests.ts';
import { untrainedProject } from '../../support/untrained-project.ts';

const REQUESTS = 5040;
const AT_ONCE = 6;
/** Longer may be hanging: asked again alone, with more patience. */
const PATIENCE_MS = 5000;
/** Longer is hanging, however busy the machine. */
const LAST_PATIENCE_MS = 60_000;
const SEED = Number(process.env.FUZZ_SEED ?? 21);
const UID = '1.1';

let serving: Serving;
let dataDir: string;
let log = '';
let version = '';
let dataset = '';
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  dataDir = await makeDataFolder('fuzz');
  const logger = createLogger('info', { write: (line) => (log += line) });
  serving = await serve(readSettings({ PORT: '0', DATA_DIR: dataDir }), logger, { reconcileSeconds: 3600, makeShards: false });
  const key = await untrainedProject(serving.product, { shardSize: 4, members: 1 });
  const { current_version } = await updateProject(serving.product.store.db, key, { state: 'connected' });
  version = current_version!;
  const headers = { 'content-type': 'application/json' };
  const order = { method: 'POST', headers, body: '{"count": 4, "destination": "files"}' };
  const ordered = await fetch(`${serving.url}/api/projects/1/datasets`, order);
  dataset = ((await ordered.json()) as { dataset: string }).dataset;
});

afterAll(async () => {
  agent.destroy();
  await serving.close();
  await rm(dataDir, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(what: FuzzRequest, patience: number): Promise<Answer | 'late'> {
  const { method, url, body } = what;
  // Node leaves it out where a method has no body by custom, and sends one all the same.
  const headers = { ...what.headers, 'content-length': body?.byteLength ?? 0 };
  return new Promise((resolve, reject) => {
    const options = { method, path: url, headers, agent, timeout: patience } as const;
    const sent = request(serving.url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('latin1') }));
      response.on('error', reject);
    });
    sent.on('timeout', () => {
      resolve('late');
      sent.destroy();
    });
    sent.on('error', (cause) => {
      // A connection that was kept may be closed by the server at any time.
      if (sent.reusedSocket) resolve(send(what, patience));
      else reject(new Error(`${describe(what)}: ${cause.message}`, { cause }));
    });
    sent.end(body);
  });
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
  readonly components: { readonly schemas: ConstructorParameters<typeof RequestFuzzer>[1] };
}
interface DocumentOperation {
  readonly parameters: Operation['parameters'];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** Its answer ends with the server. */
const ENDLESS = '/api/events';

function documented(document: Document): Operation[] {
  const paths = Object.entries(document.paths).filter(([path]) => path !== ENDLESS);
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([declared, { parameters, requestBody, responses }]): Operation => {
      // Sending the whole state again and again would be all that this does.
      const method = path === '/api/backup' ? 'head' : declared;
      const body = requestBody?.content['application/json']?.schema;
      return { method, path, parameters, ...(body === undefined ? {} : { body }), statuses: Object.keys(responses).map(Number) };
    }),
  );
}

/** The routes that Label Studio and watchers call, with bodies as they send them. */
function otherRoutes(generator: string): Operation[] {
  const project = { id: 1, created_at: '1970-01-01T00:00:01Z', title: 'Untrained' };
  const meta = { datasetgan: { generator, seed: 3, class: null, psi: 1, cutoff: null } };
  const task = { id: 5, data: { image: '/data/upload/1/x.png' }, meta, annotations: [], predictions: [] };
  const foreign = { ...task, meta: {} };
  const schema =
    '<View><Image name="image" value="$image"/><BrushLabels name="b" toName="image"><Label value="a"/></BrushLabels></View>';
  const setup = { project: UID, schema, hostname: 'http://localhost:8080', access_token: 'none' };
  const extra = { seed_tasks: 4, orders: true, sampling: 'uncertainty', generator: 'portraits-256', psi: 0.7, cutoff: 8 };
  const prompt = { context: { result: [{ type: 'keypointlabels', value: {} }] } };
  const predict = { project: UID, label_config: schema, params: { login: null, password: null, context: null } };
  const hooks = ['ANNOTATION_CREATED', 'TASKS_CREATED', 'PROJECT_UPDATED', 'START_TRAINING'].map((action) => ({
    action,
    project,
    task,
    annotation: { id: 9, task: 5, project: 1, result: [] },
  }));
  const post = (path: string, examples: readonly unknown[]): Operation => ({
    method: 'post',
    path,
    parameters: [],
    body: { examples },
  });
  return [
    post('/setup', [
      { ...setup, extra_params: '{"seed_tasks": 4}' },
      { ...setup, project: '7.1700000000' },
      { ...setup, extra_params: extra },
    ]),
    post('/predict', [
      { ...predict, tasks: [foreign, foreign] },
      { ...predict, tasks: [foreign], params: prompt },
      { ...predict, tasks: [task] },
    ]),
    post('/webhook', hooks),
    post('/train', [{ project: 1 }, { project: '1' }]),
    post('/job_status', [{ job: '00000000-0000-0000-0000-000000000000' }]),
    post('/validate', [{ config: schema }]),
    post('/delete', [{ project: UID }]),
    post('/duplicate_model', [{ project_src: UID, project_dst: UID }]),
    ...['/', '/health', '/versions', '/livez', '/readyz', '/metrics', '/openapi.json', '/{id}'].map((path) => ({
      method: 'get',
      path,
      parameters: [],
    })),
  ];
}

/** What is wrong with an answer; undefined: nothing. */
function fault(answer: Answer | 'late', sent: FuzzRequest, { method, path, statuses }: Operation): string | undefined {
  if (answer === 'late') return `no answer in ${LAST_PATIENCE_MS} ms`;
  const { status, text } = answer;
  if (status >= 500) return `${status}`;
  if (/\n\s+at \S|node_modules|\.ts:\d+/.test(text)) return 'a stack';
  const asDocumented = statuses !== undefined && sent.method === method.toUpperCase();
  // Such as an id with a slash in it: another route, or none.
  const elsewhere = status === 404 && text.includes('"not-found"');
  if (asDocumented && !elsewhere && !statuses.includes(status)) return `${status}, which the document does not say of ${path}`;
  return undefined;
}

test(`${REQUESTS} requests of every kind, most of them wrong (FUZZ_SEED=${SEED}): none breaks anything`, {
  timeout: 600_000,
}, async () => {
  const document = (await (await fetch(`${serving.url}/openapi.json`)).json()) as Document;
  const { card } = await serving.product.generators.find('portraits-256');
  const operations = [...documented(document), ...otherRoutes(card.id)];
  const fuzzer = new RequestFuzzer(SEED, document.components.schemas, {
    id: ['1', 'http://label-studio.test|1', dataset],
    name: ['portraits-256'],
    version: [version],
    seed: ['abc', '-1', '4294967296', '0.5', '1e3'],
  });
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const judge = (answer: Answer | 'late', sent: FuzzRequest, operation: Operation) => {
    const wrong = fault(answer, sent, operation);
    if (answer !== 'late') statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (wrong !== undefined) faults.push(`${describe(sent)} → ${wrong} ${answer === 'late' ? '' : answer.text.slice(0, 300)}`);
  };
  // Asked again when nothing else runs: on a busy machine they may have had to wait.
  const late: [FuzzRequest, Operation][] = [];
  let begun = 0;
  const sender = async () => {
    while (begun < REQUESTS) {
      const operation = operations[begun++ % operations.length]!;
      const sent = fuzzer.next(operation);
      const answer = await send(sent, PATIENCE_MS);
      if (answer === 'late') late.push([sent, operation]);
      else judge(answer, sent, operation);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  for (const [sent, operation] of late) judge(await send(sent, LAST_PATIENCE_MS), sent, operation);
  process.stdout.write(
    `${[...statuses]
      .sort()
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ')}; ${late.length} late\n`,
  );
  expect(faults).toEqual([]);
  // What is answered kindly, as /webhook and /predict are, must not have gone wrong inside either.
  expect(unforeseen(log)).toEqual([]);
  // Right, wrong and unknown were all among them.
  for (const [status, least] of [
    [200, 500],
    [202, 20],
    [400, 1000],
    [404, 500],
  ] as const)
    expect(statuses.get(status)).toBeGreaterThan(least);
  expect((await fetch(`${serving.url}/readyz`)).status).toBe(200);
});

/** Lines of requests that failed inside by what nobody foresaw; express's own refusals are told at info. */
function unforeseen(lines: string): string[] {
  return lines
    .split('\n')
    .filter((line) => line.includes('"request":') && !line.startsWith('{"level":"info"'))
    .filter((line) => (JSON.parse(line) as { err?: { code: string } }).err?.code === 'internal');
}

function describe({ method, url, body }: FuzzRequest): string {
  return `${method} ${url.slice(0, 200)} ${body === undefined ? '' : Buffer.from(body).toString('utf8').slice(0, 300)}`;
}
