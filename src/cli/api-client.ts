import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import axios, { type AxiosInstance, type ResponseType } from 'axios';
import type { Job } from '../api/answers.ts';
import { DatasetGanError, type ErrorBody } from '../errors.ts';
import { OWN_COMMAND } from '../own-command.ts';

/** Our own REST API, as the command line uses it. */
export class ApiClient {
  readonly #http: AxiosInstance;
  readonly #base: string;

  constructor(base: string, token?: string) {
    this.#base = base;
    this.#http = axios.create({
      baseURL: base,
      // A proxy in the environment is for the world outside; this is our own server.
      proxy: false,
      validateStatus: () => true,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  }

  get<T>(path: string): Promise<T> {
    return this.#call('get', path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.#call('post', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#call('delete', path);
  }

  /** A picture. */
  async bytes(path: string): Promise<Uint8Array> {
    const { status, data } = await this.#request<ArrayBuffer>('get', path, undefined, 'arraybuffer');
    if (status >= 400) throw DatasetGanError.fromBody((JSON.parse(new TextDecoder().decode(data)) as ErrorBody).error);
    return new Uint8Array(data);
  }

  /** A body as it comes. */
  async stream(path: string): Promise<Readable> {
    const { status, data } = await this.#request<Readable>('get', path, undefined, 'stream');
    if (status < 400) return data;
    throw DatasetGanError.fromBody(((await json(data)) as ErrorBody).error);
  }

  /**
   * Waits for a job to end.
   * @throws DatasetGanError the job's own error when it failed, `cancelled` when it was cancelled; the signal's reason.
   */
  async finish(job: Job, onProgress: (job: Job) => void, signal?: AbortSignal): Promise<Job> {
    let now = job;
    while (now.state === 'queued' || now.state === 'running') {
      signal?.throwIfAborted();
      onProgress(now);
      await wait(500, undefined, signal === undefined ? {} : { signal });
      now = await this.get<Job>(`/api/jobs/${job.id}`);
    }
    if (now.error !== undefined) throw DatasetGanError.fromBody(now.error);
    if (now.state === 'cancelled') throw new DatasetGanError('cancelled', `The ${now.kind} job was cancelled.`);
    return now;
  }

  async #call<T>(method: Method, path: string, body?: object): Promise<T> {
    const { status, data } = await this.#request<T | ErrorBody>(method, path, body, 'json');
    if (status >= 400) throw DatasetGanError.fromBody((data as ErrorBody).error);
    return data as T;
  }

  #request<T>(
    method: Method,
    url: string,
    data: object | undefined,
    responseType: ResponseType,
  ): Promise<{ status: number; data: T }> {
    return this.#http.request<T>({ method, url, data, responseType }).catch((cause: unknown) => {
      throw new DatasetGanError('not-found', `No DatasetGAN server answers at ${this.#base}.`, {
        fix: `Start it with: ${OWN_COMMAND} serve. If it runs elsewhere, set DATA_DIR to its folder, or HOST and PORT.`,
        cause,
      });
    });
  }
}

type Method = 'get' | 'post' | 'delete';
