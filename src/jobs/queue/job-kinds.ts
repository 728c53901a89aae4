import { z } from 'zod';
import type { JobKind } from '../../api/answers.ts';
import { generatorImport, type ImportOptions } from '../../api/requests.ts';
import { FORMAT_NAMES, type FormatName } from '../../export/format-names.ts';
import type { JobRow } from '../../store/schema.ts';
import { storedJson } from '../../store/stored-json.ts';
import type { ClassRule } from '../../stylegan/class-rule.ts';

/** The input of each kind of job. Stored as JSON with the job; larger things are looked up by the handler. */
export interface JobInputs {
  /**
   * Make a task for each of these seeds, unless it is there. The list is fixed here, so that a repeated run makes none twice. `classes`: instead of
   * the project's rule.
   */
  seed: {
    readonly projectKey: string;
    readonly seeds: readonly number[];
    readonly classes?: ClassRule;
    /** Make tasks for so many of the seeds only: those that are worth annotating most. */
    readonly choose?: number;
  };
  /** Read the photographs of a project that are not known yet. */
  read: { readonly projectKey: string };
  /** Make a generator of a checkpoint. */
  import: ImportOptions;
  /** Pull the annotations, train, gate, swap. */
  train: { readonly projectKey: string };
  /** Predict the tasks that have no annotation, with the version. */
  refresh: { readonly projectKey: string; readonly versionId: string };
  /** Leave images out, to tell how good the version is. */
  validate: { readonly projectKey: string; readonly versionId: string };
  /** Have the pairs of a dataset made, and choose among them. */
  synthesize: { readonly projectKey: string; readonly datasetId: string };
  /** Make the pairs of one shard. */
  shard: { readonly projectKey: string; readonly datasetId: string; readonly planId: string; readonly index: number };
  /** Bring a dataset into Label Studio. */
  publish: { readonly projectKey: string; readonly datasetId: string };
  /** Write the files of a dataset. */
  export: { readonly projectKey: string; readonly datasetId: string; readonly formats: readonly FormatName[] };
  /** Say in Label Studio what became of a dataset. */
  describe: { readonly projectKey: string; readonly datasetId: string };
  /** Look at the tasks of an orders project. */
  orders: { readonly projectKey: string };
  /** Look for projects of which /setup told and that are not connected. */
  connect: Readonly<Record<never, never>>;
  /** Compare what Label Studio has with what we know; all projects, or one. */
  reconcile: { readonly projectKey?: string };
}

const ofProject = z.looseObject({ projectKey: z.string() });
const ofVersion = z.looseObject({ projectKey: z.string(), versionId: z.string() });
const ofDataset = z.looseObject({ projectKey: z.string(), datasetId: z.string() });

const INPUTS: { readonly [K in JobKind]: z.ZodType<JobInputs[K]> } = {
  seed: ofProject.extend({
    seeds: z.array(z.number()),
    classes: z.union([z.number(), z.array(z.number()), z.literal('all')]).exactOptional(),
    choose: z.number().exactOptional(),
  }),
  read: ofProject,
  import: z.looseObject(generatorImport.shape),
  train: ofProject,
  refresh: ofVersion,
  validate: ofVersion,
  synthesize: ofDataset,
  shard: ofDataset.extend({ planId: z.string(), index: z.number() }),
  publish: ofDataset,
  export: ofDataset.extend({ formats: z.array(z.enum(FORMAT_NAMES)) }),
  describe: ofDataset,
  orders: ofProject,
  connect: z.looseObject({}),
  reconcile: z.looseObject({ projectKey: z.string().exactOptional() }),
};

/** The input of a stored job. @throws DatasetGanError `damaged-record` */
export function inputOf<K extends JobKind>({ id, input }: Pick<JobRow, 'id' | 'input'>, kind: K): JobInputs[K] {
  return storedJson<JobInputs[K]>(INPUTS[kind], input, `the input of job ${id} (${kind})`);
}

export interface KindRules<K extends JobKind> {
  /**
   * - `newest`: of one key, one runs and one waits; a further request takes the place of the one that waits.
   * - `serial`: of one key, one runs and the others wait in order. On a PostgreSQL, lanes that look at the same moment may swap two that wait.
   */
  readonly turn: 'newest' | 'serial';
  readonly key: (input: JobInputs[K]) => string;
  /** How often a job is put back after a failure that may pass by itself, before it is failed for good. */
  readonly failures: number;
  /**
   * How often its process may die while it runs and comes no further, before it is taken for the cause and failed. The last time it runs when other
   * work is done. Many for what is killed with its process and is never the cause: what only watches or talks to Label Studio, and shards, whose
   * workers come and go.
   */
  readonly interruptions: number;
}

const SUSPECT = 3;
const INNOCENT = 20;

export const KIND_RULES: { readonly [K in JobKind]: KindRules<K> } = {
  seed: { turn: 'serial', key: (input) => input.projectKey, failures: 6, interruptions: SUSPECT },
  read: { turn: 'newest', key: (input) => input.projectKey, failures: 6, interruptions: SUSPECT },
  import: { turn: 'serial', key: () => 'all', failures: 0, interruptions: SUSPECT },
  train: { turn: 'newest', key: (input) => input.projectKey, failures: 6, interruptions: SUSPECT },
  refresh: { turn: 'newest', key: (input) => input.projectKey, failures: 6, interruptions: SUSPECT },
  validate: { turn: 'newest', key: (input) => `${input.projectKey}|${input.versionId}`, failures: 2, interruptions: SUSPECT },
  synthesize: { turn: 'serial', key: (input) => input.datasetId, failures: 8, interruptions: INNOCENT },
  shard: { turn: 'serial', key: (input) => `${input.planId}/${input.index}`, failures: 8, interruptions: INNOCENT },
  publish: { turn: 'serial', key: (input) => input.datasetId, failures: 12, interruptions: INNOCENT },
  export: { turn: 'serial', key: (input) => input.datasetId, failures: 6, interruptions: SUSPECT },
  describe: { turn: 'newest', key: (input) => input.datasetId, failures: 12, interruptions: INNOCENT },
  orders: { turn: 'newest', key: (input) => input.projectKey, failures: 6, interruptions: INNOCENT },
  connect: { turn: 'newest', key: () => 'all', failures: 2, interruptions: INNOCENT },
  reconcile: { turn: 'newest', key: (input) => input.projectKey ?? 'all', failures: 2, interruptions: INNOCENT },
};
