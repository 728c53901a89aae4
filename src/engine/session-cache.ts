import { InferenceSession } from 'onnxruntime-node';
import { DatasetGanError } from '../errors.ts';
import { messageOf } from '../thrown.ts';
import { freeMemory } from './free-memory.ts';
import { sessionOptions } from './session-options.ts';

/** Estimated bytes from which a session is large: about a 512 px config-f. To build one takes a second or two. */
const LARGE = 0.7e9;

/** Sessions of one worker, the least recently used released first when their estimated memory passes the limit. */
export class SessionCache {
  readonly #entries = new Map<string, { session: InferenceSession; memory: number }>();
  /** What the running task was given is not taken from it, whatever else it asks for. */
  readonly #inUse = new Set<string>();
  readonly #threads: number;
  readonly #limit: number;

  constructor(threads: number, limit: number) {
    this.#threads = threads;
    this.#limit = limit;
  }

  /** build: the model's file, in an array that is given away. */
  async get(key: string, memory: number, build: () => Uint8Array | Promise<Uint8Array>): Promise<InferenceSession> {
    this.#inUse.add(key);
    const found = this.#entries.get(key);
    if (found !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, found);
      return found.session;
    }
    await this.#makeRoom(memory);
    const session = await this.#create(key, await build());
    this.#entries.set(key, { session, memory });
    return session;
  }

  /** The task is over that ran. */
  taskEnded(): void {
    this.#inUse.clear();
  }

  async releaseAll(): Promise<void> {
    await this.#releaseFrom(0);
  }

  async releaseLarge(): Promise<void> {
    await this.#releaseFrom(LARGE);
  }

  async #releaseFrom(least: number): Promise<void> {
    for (const [key, { session, memory }] of this.#entries) {
      if (memory < least) continue;
      this.#entries.delete(key);
      await session.release();
    }
  }

  async #makeRoom(memory: number): Promise<void> {
    let used = memory;
    for (const entry of this.#entries.values()) used += entry.memory;
    for (const [key, entry] of this.#entries) {
      if (used <= this.#limit) return;
      if (this.#inUse.has(key)) continue;
      this.#entries.delete(key);
      used -= entry.memory;
      await entry.session.release();
    }
  }

  async #create(key: string, model: Uint8Array): Promise<InferenceSession> {
    try {
      return await InferenceSession.create(model, sessionOptions(this.#threads));
    } catch (cause) {
      throw new DatasetGanError('corrupt-file', `ONNX Runtime does not accept the model '${key}': ${messageOf(cause)}`, {
        fix: 'Import the generator again. If it is the bundled one, reinstall the product.',
        cause,
      });
    } finally {
      freeMemory(model);
    }
  }
}
