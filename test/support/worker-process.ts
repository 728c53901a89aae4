import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface WorkerProcess {
  readonly pid: number;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Resolves when it has joined its server. @throws with what it printed when it ended instead */
  joined(): Promise<void>;
  /** What it printed so far. */
  output(): string;
  /** kill -9, as the machine's power would do it. */
  kill(): Promise<void>;
  /** SIGTERM: it finishes what it has begun. */
  stop(): Promise<number | null>;
}

/** `datasetgan worker` in a process of its own. `clockOffset`: milliseconds that its clock is off. */
export function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  { args = [], clockOffset = 0 }: { readonly args?: readonly string[]; readonly clockOffset?: number } = {},
): WorkerProcess {
  const skew = clockOffset === 0 ? [] : ['--import', resolve(import.meta.dirname, 'skewed-clock.ts')];
  const child: ChildProcess = spawn(process.execPath, [...skew, resolve(ROOT, 'src/main.ts'), 'worker', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, CLOCK_OFFSET_MS: String(clockOffset) },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    pid: child.pid ?? 0,
    ended,
    joined: async () => {
      await until('the worker has joined', async () => over || output.includes('worker joined'), { every: 20 });
      if (over) throw new Error(`The worker ended before it had joined:\n${output}`);
    },
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}
