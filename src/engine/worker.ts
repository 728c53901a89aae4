import { getPriority, setPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { DatasetGanError, toError } from '../errors.ts';
import type { Reply, Request, WorkerSetup } from './messages.ts';
import { SessionCache } from './session-cache.ts';
import type { EngineContext, TaskFunction } from './task.ts';

/** A worker thread of the engine: imports the module a task names, runs one task at a time, keeps its ONNX Runtime sessions. */
const port = parentPort;
if (port === null) throw new Error('src/engine/worker.ts runs as a worker thread only');

const setup = workerData as WorkerSetup;
// On Linux a nice value belongs to a thread, and ONNX Runtime's threads inherit it: while all cores compute, an answer to Label Studio goes first.
// Never the other way: only root may go before where it was started.
if (process.platform === 'linux') setPriority(0, Math.max(setup.nice, getPriority()));
const sessions = new SessionCache(setup.threads, setup.memory);
const reply = (message: Reply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

async function run(request: Extract<Request, { kind: 'run' }>): Promise<void> {
  const { id } = request;
  const stop = new Int32Array(request.stop);
  const moved = new Set<ArrayBuffer>();
  const context: EngineContext = {
    threads: setup.threads,
    session: (key, memory, build) => sessions.get(key, memory, build),
    async checkpoint() {
      await nextTurn();
      if (Atomics.load(stop, 0) !== 0) throw new DatasetGanError('cancelled', 'The task was cancelled.');
    },
    progress: (value) => reply({ kind: 'progress', id, value }),
    transfer(view) {
      if (view.buffer instanceof ArrayBuffer) moved.add(view.buffer);
      return view;
    },
  };
  try {
    const module = (await import(request.url)) as Record<string, TaskFunction<unknown, unknown>>;
    const task = module[request.name];
    if (typeof task !== 'function') throw new Error(`${request.url} exports no function '${request.name}'`);
    await context.checkpoint();
    if (request.makesRoom) await sessions.releaseLarge();
    const value = await task(request.input, context);
    reply({ kind: 'done', id, value }, [...moved]);
  } catch (thrown) {
    const { code, message, fix, stack } = toError(thrown);
    reply({ kind: 'failed', id, error: { code, message, fix, stack } });
  } finally {
    sessions.taskEnded();
    if (request.makesRoom) await sessions.releaseLarge();
  }
}

let last = Promise.resolve();
port.on('message', (request: Request) => {
  last = last.then(async () => {
    if (request.kind === 'run') return run(request);
    await sessions.releaseAll();
    if (request.kind === 'exit') port.close();
  });
});
