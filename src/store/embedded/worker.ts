import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { plainError } from './database-error.ts';
import { DurableNodeFS, startParameters } from './durable-node-fs.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData, StatementResult } from './messages.ts';

/** PostgreSQL's type number of int8, which PGlite gives as a BigInt where it is large. */
const INT8 = 20;

const port = parentPort;
if (port === null) throw new Error('This module runs in a worker thread.');
const post = (message: EmbeddedMessage) => port.postMessage(message);

const { folder } = workerData as EmbeddedWorkerData;

try {
  const files = new DurableNodeFS(folder);
  const database = await PGlite.create({
    fs: files,
    startParams: startParameters(PGlite.defaultStartParams),
    parsers: { [INT8]: Number },
  });
  database.onNotification((channel, payload) => post({ kind: 'notification', channel, payload }));
  port.on('message', (request: EmbeddedRequest) => void serve(database, request));
  post({ kind: 'ready', fsyncs: await fsyncsOfOneCommit(database, files) });
} catch (thrown) {
  post({ kind: 'failed', error: plainError(thrown) });
}

async function serve(database: PGlite, { id, call }: EmbeddedRequest): Promise<void> {
  try {
    post({ kind: 'results', id, results: await run(database, call) });
  } catch (thrown) {
    post({ kind: 'error', id, error: plainError(thrown) });
  }
}

async function run(database: PGlite, call: EmbeddedRequest['call']): Promise<StatementResult[]> {
  if (call.kind === 'close') {
    await database.close();
    return [];
  }
  const results =
    call.kind === 'exec'
      ? await database.exec(call.sql)
      : [await database.query<Record<string, unknown>>(call.sql, [...call.parameters])];
  return results.map(({ rows, affectedRows }) => ({ rows, affected: affectedRows ?? 0 }));
}

/** A transactional message writes to the log and nothing else, so its commit must sync the log. */
async function fsyncsOfOneCommit(database: PGlite, files: DurableNodeFS): Promise<number> {
  const before = files.fsyncs;
  await database.query("SELECT pg_logical_emit_message(true, 'datasetgan', 'self-test')");
  return files.fsyncs - before;
}
