/**
 * Orders a dataset by REST, waits for it, and downloads its files as a zip. Node 22.18 or newer, nothing else.
 *
 *     node examples/order-dataset.ts PROJECT COUNT FILE.zip
 *
 * PROJECT is the number of the Label Studio project. DATASETGAN_URL is the server (http://127.0.0.1:9090), API_TOKEN its token, if it has one.
 */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const { DATASETGAN_URL: server = 'http://127.0.0.1:9090', API_TOKEN: token } = process.env;

interface Job {
  readonly id: string;
  readonly dataset: string;
  readonly state: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number;
  readonly error?: { readonly message: string };
}

/** The answer of a request that went well; throws the server's message and fix otherwise. */
async function request(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(server + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  if (response.ok) return response;
  const { error } = (await response.json()) as { error: { code: string; message: string; fix?: string } };
  throw new Error(`${error.code}: ${error.message} ${error.fix ?? ''}`);
}

async function job(method: 'GET' | 'POST', path: string, body?: object): Promise<Job> {
  return (await (await request(method, path, body)).json()) as Job;
}

const [project, count, file] = process.argv.slice(2);
if (project === undefined || count === undefined || file === undefined) throw new Error('Give PROJECT, COUNT and FILE.zip.');
// For files alone: no new project in Label Studio, and no files on the server's disk beside those downloaded here.
const order = { count: Number(count), destination: 'files', formats: [] };
let seen = await job('POST', `/api/projects/${encodeURIComponent(project)}/datasets`, order);
while (seen.state === 'queued' || seen.state === 'running') {
  console.log(`${seen.state}: ${seen.done} of ${seen.total}`);
  await sleep(1000);
  seen = await job('GET', `/api/jobs/${seen.id}`);
}
if (seen.state !== 'completed') throw new Error(`The job is ${seen.state}: ${seen.error?.message ?? ''}`);
const { body } = await request('GET', `/api/datasets/${seen.dataset}/export?format=coco&archive=zip`);
await pipeline(body!, createWriteStream(file));
console.log(`dataset ${seen.dataset} is in ${file}`);
