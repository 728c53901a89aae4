import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { buffersOf } from '../../engine/buffers-of.ts';
import { freeMemory } from '../../engine/free-memory.ts';
import { sessionOptions } from '../../engine/session-options.ts';
import { encodeModel } from '../../onnx/encode.ts';
import { messageOf } from '../../thrown.ts';
import type { StepsAnswer, StepsRequest } from './step-threads.ts';
import { trainingGraph } from './training-graph.ts';

/** A thread that runs training steps, one request at a time, on one core: see StepThreads. */
const port = parentPort;
if (port === null) throw new Error('steps-worker.ts runs as a worker thread only');

const sessions = new Map<string, Promise<InferenceSession>>();

async function run({ shape, loss, shared, own }: StepsRequest): Promise<StepsAnswer> {
  const key = JSON.stringify([shape, loss]);
  const session = sessions.get(key) ?? InferenceSession.create(encodeModel(trainingGraph(shape, loss)), sessionOptions(1));
  // One shape at a time is trained.
  sessions.clear();
  sessions.set(key, session);
  const feeds = [...shared, ...own];
  const tensors = feeds.map(({ name, type, data, dims }) => [name, new Tensor(type, data, dims)] as const);
  const outputs = await (await session).run(Object.fromEntries(tensors));
  for (const { data } of feeds) freeMemory(data);
  return { outputs: new Map(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array])) };
}

port.on('message', async (request: StepsRequest) => {
  const answer = await run(request).catch((error: unknown): StepsAnswer => ({ failed: messageOf(error) }));
  port.postMessage(answer, 'outputs' in answer ? buffersOf(answer.outputs.values()) : []);
});
