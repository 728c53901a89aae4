import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import axios from 'axios';
import { z } from 'zod';
import { DatasetGanError, isError } from '../../errors.ts';
import { whoAmI } from '../../label-studio/client/server.ts';
import { Connection } from '../../label-studio/connection/connection.ts';
import { makeFolders } from '../../make-folders.ts';
import { writeFileWhole } from '../../write-whole.ts';
import { labelStudioCommand } from './install-label-studio.ts';
import { makePersonalAccessToken } from './session-token.ts';

/** A Label Studio that this machine runs for us. */
export interface LocalLabelStudio {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  /** Works from the first request on. */
  readonly personalAccessToken: string;
  /** Works only where legacy tokens are on. */
  readonly legacyToken: string;
  readonly log: string;
  /** Ends it with all it started. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Where `installLabelStudio` put it. */
  readonly venv: string;
  /** Its database, uploads and log. One Label Studio uses it at a time. */
  readonly dataDir: string;
  readonly email?: string;
  /** Only at the first start on a data folder, as everything about the user. Legacy tokens are off by default, as in Label Studio. */
  readonly legacyTokens?: boolean;
  /** Further settings for it, such as ML_BLOCK_LOCAL_IP. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

const STATE = z.object({
  email: z.string(),
  password: z.string(),
  legacyToken: z.string(),
  legacyTokens: z.boolean(),
  personalAccessToken: z.string().nullable(),
  pid: z.number().nullable(),
  port: z.number().nullable(),
});
type State = z.infer<typeof STATE>;

/** What of our own environment it may see: it reads HOST, PORT and LOG_LEVEL too, and means other things by them. */
const PASSED =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|SSL_CERT_.*|REQUESTS_CA_BUNDLE|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;

/** Quiet, offline, and willing to call a backend on this machine. */
const SETTINGS: Readonly<Record<string, string>> = {
  LATEST_VERSION_CHECK: 'false',
  COLLECT_ANALYTICS: 'false',
  SENTRY_DSN: '',
  FRONTEND_SENTRY_DSN: '',
  LOG_LEVEL: 'WARNING',
  DISABLE_SIGNUP_WITHOUT_LINK: 'true',
  // Both are on since 1.23.1 and would refuse a backend at 127.0.0.1. They allow Label Studio to call addresses inside this network.
  ML_BLOCK_LOCAL_IP: 'false',
  SSRF_PROTECTION_ENABLED: 'false',
};

/** First starts migrate the database: half a minute, several on a slow machine. */
const START_TIMEOUT_MS = 300_000;

/**
 * Starts Label Studio on a free port of 127.0.0.1, or takes the one that runs on this data folder already.
 * @throws DatasetGanError `label-studio-down` with the end of its log
 */
export async function startLabelStudio(options: StartOptions): Promise<LocalLabelStudio> {
  const { dataDir, signal } = options;
  await makeFolders(dataDir);
  const state = await readState(options);
  const running = state.pid !== null && isLabelStudio(state.pid, dataDir) && state.port !== null && (await isHealthy(state.port));
  const { pid, port } = running ? { pid: state.pid, port: state.port } : await launch(options, state);
  if (pid === null || port === null) throw new Error('unreachable: both are known by now');
  const url = urlOf(port);
  const { email, password, legacyToken } = state;
  let personalAccessToken: string;
  try {
    personalAccessToken = await workingToken(url, state, signal);
    await writeState(dataDir, { ...state, pid, port, personalAccessToken });
  } catch (error) {
    // Nobody else knows of the one that was started here.
    if (!running) await stop(pid, dataDir);
    throw error;
  }
  return { url, email, password, personalAccessToken, legacyToken, log: logFile(dataDir), stop: () => stop(pid, dataDir) };
}

/** The one that runs on this data folder now, with a key for it; undefined where none does. */
export async function runningLabelStudio(
  dataDir: string,
): Promise<{ readonly url: string; readonly apiKey: string } | undefined> {
  if (!existsSync(stateFile(dataDir))) return undefined;
  const { pid, port, personalAccessToken: apiKey } = await readState({ dataDir });
  if (pid === null || port === null || apiKey === null || !isLabelStudio(pid, dataDir)) return undefined;
  return { url: urlOf(port), apiKey };
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** The kept token, or a new one when there is none or it was revoked. */
async function workingToken(url: string, state: State, signal: AbortSignal | undefined): Promise<string> {
  const { personalAccessToken: kept } = state;
  // Twice: one that has just started was seen to refuse a good token.
  for (let attempt = 0; kept !== null && attempt < 2; attempt++) {
    if (attempt > 0) await wait(1000, undefined, { signal });
    try {
      await whoAmI(new Connection({ base: url, key: kept }), signal);
      return kept;
    } catch (thrown) {
      if (!isError(thrown, 'label-studio-unauthorized')) throw thrown;
    }
  }
  return makePersonalAccessToken(url, state, { signal });
}

async function launch(options: StartOptions, state: State): Promise<{ pid: number; port: number }> {
  const { venv, dataDir, onProgress = () => {}, signal, env = {} } = options;
  const port = await portFor(state, dataDir);
  const args = ['start', '--no-browser', '--internal-host', '127.0.0.1', '-p', String(port), '--data-dir', dataDir];
  const pid = spawnInto(venv, args, dataDir, {
    LABEL_STUDIO_USERNAME: state.email,
    LABEL_STUDIO_PASSWORD: state.password,
    LABEL_STUDIO_USER_TOKEN: state.legacyToken,
    LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN: String(state.legacyTokens),
    ...env,
  });
  await writeState(dataDir, { ...state, pid, port });
  const started = Date.now();
  try {
    for (;;) {
      // Checked before the health, so that another program on that port is not taken for it.
      if (!isAlive(pid)) throw broken(dataDir, 'ended while starting');
      if (await isHealthy(port)) return { pid, port };
      const seconds = Math.round((Date.now() - started) / 1000);
      if (seconds * 1000 > START_TIMEOUT_MS) throw broken(dataDir, `did not start within ${START_TIMEOUT_MS / 60_000} minutes`);
      onProgress(`Label Studio: starting, ${seconds} s (the first start takes about 40 s)`);
      await wait(250, undefined, { signal });
    }
  } catch (thrown) {
    await stop(pid, dataDir);
    throw thrown;
  }
}

/** In a process group of its own, with its output in the log: it must outlive a Ctrl-C that we handle, and end as a whole. */
function spawnInto(venv: string, args: readonly string[], dataDir: string, env: Readonly<Record<string, string>>): number {
  const passed = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name)));
  const log = openSync(logFile(dataDir), 'a');
  const child = spawn(labelStudioCommand(venv), args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...passed, ...SETTINGS, LABEL_STUDIO_BASE_DATA_DIR: dataDir, ...env },
  });
  closeSync(log);
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) throw broken(dataDir, `cannot be started from ${venv}`);
  return child.pid;
}

async function stop(pid: number, dataDir: string): Promise<void> {
  if (!isLabelStudio(pid, dataDir)) return;
  const signalGroup = (name: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-pid, name);
    } catch {
      // It ended between the check and the signal.
    }
  };
  signalGroup('SIGTERM');
  if (await until(() => !isAlive(pid), 10_000)) return;
  signalGroup('SIGKILL');
  await until(() => !isAlive(pid), 5_000);
}

/** Polls; false when the time is over. */
async function until(condition: () => boolean, milliseconds = START_TIMEOUT_MS): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) return false;
    await wait(50);
  }
  return true;
}

/** Whether the process runs; one that ended and was not collected yet does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return commandLine(pid) !== '';
}

/** Process ids are used again after a restart of the machine: the command line tells whether it is ours. */
function isLabelStudio(pid: number, dataDir: string): boolean {
  return isAlive(pid) && (commandLine(pid) ?? dataDir).includes(dataDir);
}

/** undefined where the system does not say (no /proc). */
function commandLine(pid: number): string | undefined {
  if (!existsSync('/proc/self/cmdline')) return undefined;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function isHealthy(port: number): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/health`;
  const answer = await axios
    .get<unknown>(url, { timeout: 5_000, proxy: false, validateStatus: () => true })
    .catch(() => undefined);
  return answer?.status === 200 && JSON.stringify(answer.data) === '{"status":"UP"}';
}

/**
 * The port of the last start: bookmarks, and a backend that knows this Label Studio by its address, go on working. At the first start a free one.
 * @throws DatasetGanError `port-taken`
 */
async function portFor({ port }: State, dataDir: string): Promise<number> {
  if (port === null) return firstFreePort();
  // A connection of the last run may hold it for a moment longer.
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    if (await isFree(port)) return port;
    await wait(500);
  }
  throw new DatasetGanError('port-taken', `Another program uses port ${port}, on which this Label Studio ran before.`, {
    fix: `Stop that program. Or delete ${dataDir} and everything in it, to start from scratch.`,
  });
}

const PORT_ATTEMPTS = 20;
/** Below the ports that systems give to outgoing connections: one of those could not be had again at the next start. */
const [LOWEST_PORT, HIGHEST_PORT] = [20_000, 30_000];

async function firstFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (await isFree(port)) return port;
  }
}

/** Free at this moment. Taken meanwhile, Label Studio moves to the next one silently, and the start fails with a timeout. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const stateFile = (dataDir: string) => join(dataDir, 'local-label-studio.json');
const logFile = (dataDir: string) => join(dataDir, 'label-studio.log');

async function readState({
  dataDir,
  email = 'demo@example.com',
  legacyTokens = false,
}: Pick<StartOptions, 'dataDir' | 'email' | 'legacyTokens'>): Promise<State> {
  const text = await readFile(stateFile(dataDir), 'utf8').catch(() => undefined);
  if (text !== undefined) return STATE.parse(JSON.parse(text));
  const [password, legacyToken] = [randomBytes(9).toString('base64url'), randomBytes(20).toString('hex')];
  return { email, password, legacyToken, legacyTokens, personalAccessToken: null, pid: null, port: null };
}

/** Holds the password: readable by this user only, and outlives a power cut. */
async function writeState(dataDir: string, state: State): Promise<void> {
  const text = `${JSON.stringify(state, undefined, 2)}\n`;
  await writeFileWhole(stateFile(dataDir), text, { outlives: 'power-cut', mode: 0o600 });
}

function broken(dataDir: string, what: string): DatasetGanError {
  const log = existsSync(logFile(dataDir))
    ? readFileSync(logFile(dataDir), 'utf8').trimEnd().split('\n').slice(-5).join('\n')
    : '';
  return new DatasetGanError('label-studio-down', `Label Studio ${what}.`, {
    fix: `Check the log ${logFile(dataDir)}. It ends with:\n${log}`,
  });
}
