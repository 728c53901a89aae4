import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { type Serving, serve } from '../../src/cli/serve.ts';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../../src/interpreter/recipe.ts';
import type { Product } from '../../src/jobs/product/product.ts';
import { createLogger } from '../../src/log.ts';
import { readSettings } from '../../src/settings.ts';
import { requireJob } from '../../src/store/jobs.ts';
import { findProjectsByLsId } from '../../src/store/projects.ts';
import { makeDataFolder } from './data-folder.ts';
import { SteeredEngine } from './steered-engine.ts';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What a person may want to look at after a run: logs and screenshots. Git ignores it. */
export const TRACES = join(ROOT, '.cache/e2e');

/** Our server, whichever process it runs in. */
export interface OurServer {
  readonly url: string;
  /** JSON of a REST call; throws on an error answer. */
  api<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Names the log under TRACES. */
  readonly name: string;
  readonly labelStudio: string;
  /** Left out: only the access_token of /setup opens Label Studio. */
  readonly key?: string;
  /** Default: a new folder that is deleted at the end. */
  readonly dataDir?: string;
  /** Further settings, such as IMAGE_DELIVERY. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A version in a second, good enough to tell regions from nothing. */
const QUICK_TRAINING: TrainingSettings = {
  ...DEFAULT_SETTINGS,
  members: 3,
  pixelsPerImage: 500,
  steps: 100,
  stepsPerDoubling: 0,
  maxSteps: 100,
};

/** In this process, with its inside in reach. Looks at all projects every hour: a test that wants that asks for it. */
export interface InnerServer extends OurServer {
  readonly product: Product;
  readonly engine: SteeredEngine;
  /** Looks at the project now, as it does every minute by itself, and at whatever that leads to. */
  reconcile(lsId: number): Promise<void>;
}

export interface InnerOptions extends ServerOptions {
  readonly reconcileSeconds?: number;
  readonly port?: number;
  readonly now?: () => number;
  /** Train as users do; otherwise it is a matter of a second. */
  readonly fullTraining?: boolean;
}

export async function startInnerServer(options: InnerOptions): Promise<InnerServer> {
  const { name, reconcileSeconds = 3600 } = options;
  const dataDir = options.dataDir ?? (await makeDataFolder('e2e'));
  mkdirSync(TRACES, { recursive: true });
  const log = createWriteStream(join(TRACES, `${name}.log`));
  const engines: SteeredEngine[] = [];
  const makeEngine = (wanted: EngineOptions) => {
    const engine = new SteeredEngine(wanted);
    engines.push(engine);
    return engine;
  };
  const settings = readSettings(environment(options, dataDir, options.port ?? 0));
  const serving: Serving = await serve(settings, createLogger('info', log), {
    reconcileSeconds,
    makeEngine,
    ...(options.now === undefined ? {} : { now: options.now }),
    training: options.fullTraining === true ? DEFAULT_SETTINGS : QUICK_TRAINING,
  });
  return {
    url: serving.url,
    product: serving.product,
    engine: engines[0]!,
    reconcile: (lsId) => reconcile(serving.product, lsId),
    api: (method, path, body) => call(serving.url, method, path, body),
    stop: async () => {
      await serving.close();
      log.end();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function reconcile({ store, queues }: Product, lsId: number): Promise<void> {
  const [row] = await findProjectsByLsId(store.db, lsId);
  const id = await queues.enqueue('reconcile', { projectKey: row!.key });
  await until('the project was looked at', async () => ['completed', 'failed'].includes((await requireJob(store.db, id)).state), {
    every: 100,
  });
}

/** In a process of its own, which can be killed and started again on the same data and address. */
export interface OuterServer extends OurServer {
  /** kill -9, as the machine's power would do it. */
  kill(): Promise<void>;
  /** Starts it again after `kill` or `stop`. */
  start(): Promise<void>;
  /** Forgets its data; after the last `stop`. */
  remove(): Promise<void>;
}

export async function startOuterServer(options: ServerOptions): Promise<OuterServer> {
  const dataDir = options.dataDir ?? (await makeDataFolder('e2e'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(TRACES, { recursive: true });
  const log = createWriteStream(join(TRACES, `${options.name}.log`));
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill(signal);
    await ended;
  };
  const start = async () => {
    const env = { ...process.env, ...environment(options, dataDir, port) };
    const started = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'serve'], { stdio: ['ignore', 'pipe', 'pipe'], env });
    child = started;
    started.stdout.pipe(log, { end: false });
    started.stderr.pipe(log, { end: false });
    await until('our server answers', async () => {
      if (started.exitCode !== null) throw new Error(`Our server ended with ${started.exitCode}; see ${log.path}.`);
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok;
    });
  };
  await start();
  return {
    url,
    api: (method, path, body) => call(url, method, path, body),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    remove: async () => {
      log.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function environment({ labelStudio, key, env = {} }: ServerOptions, dataDir: string, port: number): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    ...(key === undefined ? {} : { LABEL_STUDIO_URL: labelStudio, LABEL_STUDIO_API_KEY: key }),
    ...env,
  };
}

async function call<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url + path, { method, ...json });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? found(address.port) : failed(new Error('There is no free port.')),
      );
    });
  });
}
