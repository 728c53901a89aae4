import { DatasetGanError } from '../errors.ts';
import type { GeneratorCard } from './generator-card.ts';

/** Which class a picture gets: one, of a list the one at seed mod length, or of all classes. */
export type ClassRule = number | readonly number[] | 'all';

/**
 * The class of a seed's picture; null for a generator without classes.
 * @throws DatasetGanError `bad-request` that names the number of classes, when the generator needs a rule, has no classes, or not that one
 */
export function classOfSeed(
  rule: ClassRule | null,
  { name, cDim }: Pick<GeneratorCard, 'name' | 'cDim'>,
  seed: number,
): number | null {
  if (cDim === 0) {
    if (rule === null) return null;
    throw new DatasetGanError('bad-request', `The generator '${name}' has no classes.`, { fix: 'Leave "classes" out.' });
  }
  if (rule === null)
    throw new DatasetGanError('bad-request', `The generator '${name}' has ${cDim} classes, but no class is selected.`, {
      fix: `Set "classes" to "all", to a number from 0 to ${cDim - 1}, or to a list of them.`,
    });
  if (rule === 'all') return seed % cDim;
  const list = typeof rule === 'number' ? [rule] : rule;
  const wrong = list.find((index) => !Number.isInteger(index) || index < 0 || index >= cDim);
  if (wrong !== undefined || list.length === 0)
    throw new DatasetGanError(
      'bad-request',
      `The generator '${name}' has ${cDim} classes, but no class ${wrong ?? 'in an empty list'}.`,
      {
        fix: `Use numbers from 0 to ${cDim - 1}.`,
      },
    );
  return list[seed % list.length]!;
}
