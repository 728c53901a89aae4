import { z } from 'zod';
import type { Dataset, DatasetPart } from '../../../store/schema.ts';
import { storedJson } from '../../../store/stored-json.ts';
import type { Choice } from '../../../synthesis/choose-pairs.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';

const number = z.number();
const numbers = z.array(number);

/** What every release has written, and what came later as optional; further fields may be there. */
const PLAN: z.ZodType<DatasetPlan> = z.looseObject({
  generator: z.string(),
  version: z.string(),
  psi: number,
  cutoff: number.nullable(),
  classes: z.union([number, numbers, z.literal('all')]).exactOptional(),
  seedStart: number,
  count: number,
  filter: number,
  rules: z
    .looseObject({
      leastPixels: number,
      present: numbers.exactOptional(),
      visible: numbers.exactOptional(),
      areas: z.array(z.looseObject({ label: number, least: number, most: number })).exactOptional(),
      pieces: z.array(z.looseObject({ label: number, most: number })).exactOptional(),
      nearest: number.exactOptional(),
    })
    .exactOptional(),
  ignoreAbove: number.exactOptional(),
  shardSize: number,
  skippedSeeds: numbers,
});

const CHOICE: z.ZodType<Choice> = z.looseObject({
  tried: number,
  passed: number,
  refused: z.looseObject({
    present: number.exactOptional(),
    visible: number.exactOptional(),
    areas: number.exactOptional(),
    pieces: number.exactOptional(),
    nearest: number.exactOptional(),
  }),
  kept: number,
  dropped: number,
  lastSeed: number,
  cut: z.looseObject({ seed: number, js: number }).nullable(),
});

/** The plan of a dataset's first part. @throws DatasetGanError `damaged-record` */
export function planOf({ id, plan }: Pick<Dataset, 'id' | 'plan'>): DatasetPlan {
  return storedJson(PLAN, plan, `the plan of dataset ${id}`);
}

/** The plan of one part of a dataset. @throws DatasetGanError `damaged-record` */
export function planOfPart({ dataset_id: id, index, plan }: Pick<DatasetPart, 'dataset_id' | 'index' | 'plan'>): DatasetPlan {
  return storedJson(PLAN, plan, `the plan of part ${index} of dataset ${id}`);
}

/** Which candidates of a part are kept; null until all are there. @throws DatasetGanError `damaged-record` */
export function choiceOf({ dataset_id: id, index, choice }: Pick<DatasetPart, 'dataset_id' | 'index' | 'choice'>): Choice | null {
  return choice === null ? null : storedJson(CHOICE, choice, `the choice of part ${index} of dataset ${id}`);
}
