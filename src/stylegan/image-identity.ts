import { z } from 'zod';
import { DatasetGanError } from '../errors.ts';
import type { GeneratorCard } from './generator-card.ts';

/** The five values that decide a generated picture, as they stand in a task's meta. */
export const imageIdentitySchema = z.strictObject({
  /** Generator id. */
  generator: z.string().min(1),
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** Index of the class; null where the generator has none. */
  class: z.number().int().min(0).nullable(),
  /** Truncation: ws[l] = w_avg + psi (w - w_avg) for l < cutoff, else w. */
  psi: z.number(),
  /** null: psi acts on all layers; 0: on none. */
  cutoff: z.number().int().min(0).nullable(),
});

export type ImageIdentity = Readonly<z.infer<typeof imageIdentitySchema>>;

/** The identity as one text, equal exactly where the five values are equal: `GENERATOR/seed=7/class=none/psi=0.7/cutoff=8`. */
export function imageKey({ generator, seed, class: label, psi, cutoff }: ImageIdentity): string {
  return `${generator}/seed=${seed}/class=${label ?? 'none'}/psi=${psi === 0 ? 0 : psi}/cutoff=${cutoff ?? 'none'}`;
}

/**
 * Checks that a generator can make the picture.
 * @throws DatasetGanError `bad-request` that names the wrong value and its range
 */
export function checkImage(image: ImageIdentity, card: Pick<GeneratorCard, 'id' | 'name' | 'cDim' | 'numWs'>): void {
  const refuse = (message: string, fix: string) => new DatasetGanError('bad-request', message, { fix });
  const { seed, psi, cutoff, class: label } = image;
  if (image.generator !== card.id)
    throw refuse(`The picture belongs to another generator, not to '${card.name}'.`, 'Use the generator that made it.');
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff)
    throw refuse(`The seed ${seed} is out of range.`, 'Use a whole number from 0 to 4294967295.');
  if (!Number.isFinite(psi))
    throw refuse(`The psi ${psi} is not a number.`, 'Use a number such as 0.7. With 1 there is no truncation.');
  if (cutoff !== null && (!Number.isInteger(cutoff) || cutoff < 0 || cutoff > card.numWs))
    throw refuse(`The cutoff ${cutoff} is out of range.`, `Use a whole number from 0 to ${card.numWs}, or none.`);
  if (card.cDim === 0 && label !== null) throw refuse(`The generator '${card.name}' has no classes.`, 'Omit the class.');
  if (card.cDim > 0 && (label === null || !Number.isInteger(label) || label < 0 || label >= card.cDim))
    throw refuse(`The generator '${card.name}' needs a class.`, `Use a whole number from 0 to ${card.cDim - 1}.`);
}
