import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import { writeFileWhole } from '../../write-whole.ts';

const STEP = z.object({
  /** Seed of the picture that was annotated. */
  seed: z.number(),
  /** The version it led to. */
  version: z.string(),
  mIoU: z.number().nullable(),
  /** Seconds from the annotation to the new version, and to the last of the predictions; null when the demo was stopped in between. */
  versionSeconds: z.number().nullable(),
  predictionSeconds: z.number().nullable(),
  /** Tasks that were predicted. */
  predictions: z.number(),
});
/** One annotation and what came of it. */
export type DemoStep = z.infer<typeof STEP>;

const RECORD = z.object({
  /** Stands in the project's description, by which it is found again. */
  id: z.string(),
  /** Port of our server, which Label Studio remembers. */
  port: z.number().nullable(),
  /** `<id>.<created_at>` of the project. */
  project: z.string().nullable(),
  /** An annotation that was begun and whose step is not written down yet. */
  begun: z.object({ task: z.number(), seed: z.number() }).nullable(),
  steps: z.array(STEP),
  dataset: z.object({ pairs: z.number(), job: z.string(), seconds: z.number().nullable() }).nullable(),
});
/** What a demo has done so far, so that it goes on from there. */
export type DemoRecord = z.infer<typeof RECORD>;

const newRecord = (): DemoRecord => ({
  id: randomUUID(),
  port: null,
  project: null,
  begun: null,
  steps: [],
  dataset: null,
});

/** The record of a demo in a file, written at every change. It outlives a power cut, since Label Studio's project does. */
export class DemoRecordFile {
  readonly #file: string;
  #record: DemoRecord;

  private constructor(file: string, record: DemoRecord) {
    this.#file = file;
    this.#record = record;
  }

  /** @throws DatasetGanError `corrupt-file` */
  static async open(file: string): Promise<DemoRecordFile> {
    if (!existsSync(file)) return new DemoRecordFile(file, newRecord());
    try {
      return new DemoRecordFile(file, RECORD.parse(JSON.parse(await readFile(file, 'utf8'))));
    } catch (cause) {
      throw new DatasetGanError('corrupt-file', `The demo's record ${file} cannot be read.`, {
        fix: 'Delete it. The demo then starts from scratch.',
        cause,
      });
    }
  }

  get now(): DemoRecord {
    return this.#record;
  }

  async change(change: Partial<DemoRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await writeFileWhole(this.#file, `${JSON.stringify(this.#record, undefined, 2)}\n`, { outlives: 'power-cut' });
  }
}
