import { parentPort, workerData } from 'node:worker_threads';
import { brushRle } from './brush-rle.ts';
import { agent, timed } from './timed.ts';

/** A worker thread that makes a large body, sends it, and tells how many milliseconds the answer took. */
const { url, before, after, bytes } = workerData as { url: string; before: string; after: string; bytes: number };
parentPort!.postMessage(await timed(url, Buffer.from(before + brushRle(bytes) + after)));
agent.destroy();
