import { setTimeout as wait } from 'node:timers/promises';
import axios, { type AxiosInstance } from 'axios';
import { DatasetGanError, type ErrorBody, type ErrorCode } from '../errors.ts';
import type { Job } from '../jobs/backend.ts';

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

  /**
   * Waits for a job to end.
   * @throws DatasetGanError the job's own error when it failed, `cancelled` when it was cancelled.
   */
  async finish(job: Job, onProgress: (job: Job) => void): Promise<Job> {
    let now = job;
    while (now.state === 'queued' || now.state === 'running') {
      onProgress(now);
      await wait(500);
      now = await this.get<Job>(`/api/jobs/${job.id}`);
    }
    if (now.error !== undefined) {
      const { code, message, fix } = now.error;
      throw new DatasetGanError(code as ErrorCode, message, fix === undefined ? {} : { fix });
    }
    if (now.state === 'cancelled') throw new DatasetGanError('cancelled', `The ${now.kind} job was cancelled.`);
    return now;
  }

  async #call<T>(method: 'get' | 'post' | 'delete', path: string, body?: object): Promise<T> {
    const response = await this.#http.request<T | ErrorBody>({ method, url: path, data: body }).catch((cause: unknown) => {
      throw new DatasetGanError('not-found', `No DatasetGAN server answers at ${this.#base}.`, {
        fix: 'Start it with `npm start`, or set HOST and PORT to where it runs.',
        cause,
      });
    });
    if (response.status < 400) return response.data as T;
    const { error } = response.data as ErrorBody;
    throw new DatasetGanError(error.code, error.message, error.fix === undefined ? {} : { fix: error.fix });
  }
}
