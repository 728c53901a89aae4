import { DatasetGanError } from '../../errors.ts';
import type { ExtraParams, SetupRequest } from '../../label-studio/requests/setup-request.ts';
import { json } from '../../store/rows.ts';
import type { Project, ProjectChange } from '../../store/schema.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { checkImage } from '../../stylegan/image-identity.ts';
import type { Product } from '../product/product.ts';
import { generatorOf, imageOf } from './linked-project.ts';

/**
 * What extra_params ask for must be possible, together with what the project has if it is known.
 * @throws DatasetGanError `bad-request` for what cannot be understood, a class rule or cutoff that the generator does not have, or none where it needs one;
 *   `unknown-generator`
 */
export async function checkAsked(
  product: Pick<Product, 'generators'>,
  { extraParams, notes }: Pick<SetupRequest, 'extraParams' | 'notes'>,
  known?: Project,
): Promise<Generator> {
  if (notes.length > 0)
    throw new DatasetGanError('bad-request', `${notes.join('. ')}.`, { fix: 'Correct the extra parameters, or remove them.' });
  const { classes, psi, cutoff, seed_tasks: tasks } = extraParams;
  const generator = await generatorOf(product, { generator: askedGenerator(extraParams, known) });
  const rule = classes ?? known?.class_rule ?? null;
  if (rule === null && (tasks ?? 0) === 0) return generator;
  checkImage(imageOf({ psi: psi ?? null, cutoff: cutoff ?? null, class_rule: rule }, generator, 0), generator.card);
  return generator;
}

/**
 * What the project's record becomes by extra_params that were checked. A number of tasks only ever grows; what is left out stays as it was.
 */
export function askedChange(extraParams: ExtraParams, known: Project, generator: Generator): ProjectChange {
  const { seed_tasks: tasks, psi, cutoff, classes } = extraParams;
  return {
    generator: askedGenerator(extraParams, known) ?? generator.card.name,
    ...(psi === undefined ? {} : { psi }),
    ...(cutoff === undefined ? {} : { cutoff }),
    // Beside `extra`, which tells whether it changed.
    ...(classes === undefined ? {} : { class_rule: json(classes) }),
    ...(tasks === undefined ? {} : { seed_tasks: Math.max(tasks, known.seed_tasks) }),
    extra: json(extraParams),
  };
}

/** A name that was asked for before may be an old one by now: the project's own name follows when its generator is renamed. */
function askedGenerator({ generator }: ExtraParams, known?: Project): string | null {
  return generator === undefined || generator === known?.extra.generator ? (known?.generator ?? null) : generator;
}
