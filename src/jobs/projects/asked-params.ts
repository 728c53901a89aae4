import { DatasetGanError } from '../../errors.ts';
import type { ExtraParams, SetupRequest } from '../../label-studio/requests/setup-request.ts';
import { json } from '../../store/rows.ts';
import type { Project, ProjectChange } from '../../store/schema.ts';
import { checkImage } from '../../stylegan/image-identity.ts';
import type { Product } from '../product/product.ts';
import { imageOf, namedGenerator } from './linked-project.ts';
import { hasPhotographs, photoSettings } from './photo-settings.ts';

/**
 * What extra_params ask for must be possible, together with what the project has if it is known.
 * @throws DatasetGanError `bad-request` for what cannot be understood, a class rule or cutoff that the generator does not have, or none where it needs one;
 *   `unknown-generator`, `unknown-backbone`
 * @returns the name of the generator; null: the project has photographs
 */
export async function checkAsked(
  product: Pick<Product, 'generators' | 'folder'>,
  { extraParams, notes }: Pick<SetupRequest, 'extraParams' | 'notes'>,
  known?: Project,
): Promise<string | null> {
  if (notes.length > 0)
    throw new DatasetGanError('bad-request', `${notes.join('. ')}.`, { fix: 'Correct the extra parameters, or remove them.' });
  checkSource(extraParams);
  if (hasPhotographs({ extra: extraParams })) {
    await photoSettings(product.folder, extraParams);
    return null;
  }
  const { classes, psi, cutoff, seed_tasks: tasks } = extraParams;
  const generator = await namedGenerator(product, { generator: askedGenerator(extraParams, known) });
  const { name } = generator.card;
  const rule = classes ?? known?.class_rule ?? null;
  if (rule === null && (tasks ?? 0) === 0) return name;
  checkImage(imageOf({ psi: psi ?? null, cutoff: cutoff ?? null, class_rule: rule }, generator, 0), generator.card);
  return name;
}

/** What only one of the sources has. */
const OF_GENERATORS = ['seed_tasks', 'orders', 'generator', 'psi', 'cutoff', 'classes'] as const;
const OF_PHOTOGRAPHS = ['backbone', 'working_size'] as const;

/** @throws DatasetGanError `bad-request` that names what does not go with the source */
function checkSource(extraParams: ExtraParams): void {
  const photos = hasPhotographs({ extra: extraParams });
  const odd = (photos ? OF_GENERATORS : OF_PHOTOGRAPHS).filter((key) => Boolean(extraParams[key]));
  if (odd.length === 0) return;
  const names = odd.join(', ');
  throw photos
    ? new DatasetGanError('bad-request', `A project of photographs has no ${names}: nothing is generated in it.`, {
        fix: `Remove from the extra parameters: ${names}.`,
      })
    : new DatasetGanError('bad-request', `Only a project of photographs has ${names}.`, {
        fix: `Add "source": "photos" to the extra parameters, or remove: ${names}.`,
      });
}

/**
 * What the project's record becomes by extra_params that were checked. A number of tasks only ever grows; what is left out stays as it was.
 * @param generator what checkAsked gave
 */
export function askedChange(extraParams: ExtraParams, known: Project, generator: string | null): ProjectChange {
  const { seed_tasks: tasks, psi, cutoff, classes } = extraParams;
  return {
    generator: generator === null ? null : (askedGenerator(extraParams, known) ?? generator),
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
