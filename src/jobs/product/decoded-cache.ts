import type { DecodedAnnotations } from '../engine-tasks/decode-annotations.ts';
import type { Picture } from './picture.ts';

/** The annotations of a task, and what it shows; null: no picture of ours. */
export type SeenAnnotations = DecodedAnnotations & { readonly picture: Picture | null };

/**
 * Decoded annotations in memory, so that one new annotation costs reading and decoding one task. An entry is good for the annotations
 * (ids, times, skips) and labels it was made from; at most `limit` bytes of label maps are kept, the project used last longest.
 */
export class DecodedCache {
  readonly #limit: number;
  readonly #projects = new Map<string, Map<number, { signature: string; decoded: SeenAnnotations }>>();

  constructor(limit = 256e6) {
    this.#limit = limit;
  }

  get(projectKey: string, task: number, signature: string): SeenAnnotations | undefined {
    const entry = this.#projects.get(projectKey)?.get(task);
    return entry?.signature === signature ? entry.decoded : undefined;
  }

  /** Replaces all that is kept for the project. */
  set(projectKey: string, entries: ReadonlyMap<number, { signature: string; decoded: SeenAnnotations }>): void {
    this.#projects.delete(projectKey);
    this.#projects.set(projectKey, new Map(entries));
    let bytes = 0;
    for (const [key, tasks] of [...this.#projects].reverse()) {
      for (const { decoded } of tasks.values()) bytes += decoded.counted?.labelMap.data.length ?? 0;
      if (bytes > this.#limit) this.#projects.delete(key);
    }
  }
}
