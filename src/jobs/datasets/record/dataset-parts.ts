import type { Kysely } from 'kysely';
import { DatasetGanError } from '../../../errors.ts';
import { listParts, partsOfDatasets } from '../../../store/dataset-parts.ts';
import type { Database, DatasetPart } from '../../../store/schema.ts';
import type { Choice } from '../../../synthesis/choose-pairs.ts';
import type { DatasetPlan } from '../../../synthesis/dataset-plan.ts';
import { choiceOf, planOfPart } from './stored-plan.ts';

/** What one order, or one extension, adds to a dataset. */
export interface Part {
  readonly index: number;
  readonly planId: string;
  readonly plan: DatasetPlan;
  /** null: its pairs are not all made yet. */
  readonly choice: Choice | null;
}

/** @throws DatasetGanError `damaged-record` */
export async function partsOf(db: Kysely<Database>, datasetId: string): Promise<Part[]> {
  return (await listParts(db, datasetId)).map(partOfRow);
}

/** The parts of several datasets, in no order that matters. @throws DatasetGanError `damaged-record` */
export async function partsOfAll(db: Kysely<Database>, datasetIds: readonly string[]): Promise<Part[]> {
  return (await partsOfDatasets(db, datasetIds)).map(partOfRow);
}

/** @throws DatasetGanError `damaged-record` */
export function partOfRow(row: DatasetPart): Part {
  return { index: row.index, planId: row.plan_id, plan: planOfPart(row), choice: choiceOf(row) };
}

export type ChosenPart = Part & { readonly choice: Choice };

export const isChosen = (part: Part): part is ChosenPart => part.choice !== null;

/** The parts of a dataset whose pairs are all made. @throws DatasetGanError `wrong-state`, `damaged-record` */
export async function chosenParts(db: Kysely<Database>, datasetId: string): Promise<ChosenPart[]> {
  const parts = await partsOf(db, datasetId);
  if (parts.length > 0 && parts.every(isChosen)) return parts;
  throw new DatasetGanError('wrong-state', `The pairs of dataset ${datasetId} are not all made yet.`, {
    fix: 'Wait until they are made. If the dataset is paused, failed or cancelled, resume it.',
  });
}
