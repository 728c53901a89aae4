import type { UnpaintedRules } from '../../label-studio/annotations/counting-annotation.ts';
import type { ExtraParams } from '../../label-studio/requests/setup-request.ts';
import type { Project } from '../../store/schema.ts';

/** What extra_params of a labelling project say about unpainted pixels. */
export function unpaintedRules({ extra }: Pick<Project, 'extra'>): UnpaintedRules {
  const { unpainted = 'auto', empty = 'ignore' } = extra as ExtraParams;
  return { unpainted, empty };
}
