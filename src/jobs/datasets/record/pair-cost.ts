import type { Kysely } from 'kysely';
import { z } from 'zod';
import { lastJobWithResult } from '../../../store/jobs.ts';
import type { Database } from '../../../store/schema.ts';
import { readSetting } from '../../../store/stored-settings.ts';
import type { GeneratorCard } from '../../../stylegan/generator-card.ts';
import { pictureSize } from '../../../stylegan/picture.ts';
import type { Product } from '../../product/product.ts';

/** What a pair of a generator costs, as measured on the last shard that was made of it. */
export interface PairCost {
  readonly seconds: number;
  /** In the storage. */
  readonly bytes: number;
}

/** What to reckon with, and from where it is known: earlier pairs, the trial at the import, or neither. */
export interface ExpectedCost extends PairCost {
  readonly basis: 'pairs' | 'trial' | 'none';
}

const COST: z.ZodType<PairCost> = z.looseObject({ seconds: z.number(), bytes: z.number() });
const REPORT = z.looseObject({ prediction: z.looseObject({ seconds: z.number() }).nullable() });

/** Until a pair was measured: the time of the bundled generator on two cores. */
const FIRST_GUESS_SECONDS = 0.4;
/** Of the last shard another may differ by this much. */
const MARGIN = 1.2;

export const pairCostKey = (generator: string) => `pair-cost/${generator}`;

/**
 * What to reckon with for a pair of this generator. Bytes that were never measured are those of an uncompressible picture and mask: more than
 * it will be.
 */
export async function expectedPairCost(db: Kysely<Database>, card: GeneratorCard): Promise<ExpectedCost> {
  const measured = await readSetting(db, pairCostKey(card.id), COST);
  if (measured !== undefined) return { seconds: measured.seconds, bytes: measured.bytes * MARGIN, basis: 'pairs' };
  const { width, height } = pictureSize(card);
  const bytes = width * height * 3 + card.labelSize.width * card.labelSize.height;
  const seconds = await triedSeconds(db, card.id);
  return seconds === undefined ? { seconds: FIRST_GUESS_SECONDS, bytes, basis: 'none' } : { seconds, bytes, basis: 'trial' };
}

/** expectedPairCost by the id of a generator, asked once for each. */
export function pairCosts({
  store,
  generators,
}: Pick<Product, 'store' | 'generators'>): (generator: string) => Promise<ExpectedCost> {
  const known = new Map<string, Promise<ExpectedCost>>();
  const ask = async (generator: string) => expectedPairCost(store.db, (await generators.find(generator)).card);
  return (generator) => {
    const cost = known.get(generator) ?? ask(generator);
    known.set(generator, cost);
    return cost;
  };
}

/** A picture with its mask took this long when the generator was imported. */
async function triedSeconds(db: Kysely<Database>, generator: string): Promise<number | undefined> {
  const job = await lastJobWithResult(db, 'import', { id: generator, known: false });
  return REPORT.safeParse(job?.result).data?.prediction?.seconds;
}
