import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeneratorDetail, GeneratorSummary, ImportReport } from '../../api/answers.ts';
import { ANSWERS } from '../../api/answers.ts';
import type { Project } from '../../store/schema.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { GeneratorCard } from '../../stylegan/generator-card.ts';

/** A generator as the REST API shows it. */
export function generatorView(card: GeneratorCard): GeneratorSummary {
  const { name, id, family, resolution, labelSize, psi, cutoff, licence, note } = card;
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  return { name, id, family, resolution, labelSize: labelSize.width, dims, psi, cutoff, classes: card.cDim, licence, note };
}

/** The same with all that is known of it. */
export async function generatorDetail(
  generator: Generator,
  { bundled, projects }: { readonly bundled: boolean; readonly projects: readonly Project[] },
): Promise<GeneratorDetail> {
  const { numWs: layers, source, commercialUse } = generator.card;
  return {
    ...generatorView(generator.card),
    bundled,
    layers,
    source,
    commercialUse,
    projects: projects.map(({ ls_id: id, host, title }) => ({ id, host, title })),
    report: await importReport(generator),
  };
}

/** Under its name of today; null where an import of long ago, or none, wrote it. */
async function importReport({ card, folder }: Generator): Promise<ImportReport | null> {
  const json: unknown = await readFile(join(folder, 'report.json'), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  const parsed = ANSWERS.ImportReport.safeParse(json);
  return parsed.success ? { ...parsed.data, name: card.name } : null;
}
