import type { GeneratorSummary } from '../../api/answers.ts';
import type { GeneratorCard } from '../../stylegan/generator-card.ts';

/** A generator as the REST API shows it. */
export function generatorView(card: GeneratorCard): GeneratorSummary {
  const { name, id, family, resolution, labelSize, psi, cutoff, licence, note } = card;
  const dims = card.taps.reduce((sum, { channels }) => sum + channels, 0);
  return { name, id, family, resolution, labelSize: labelSize.width, dims, psi, cutoff, classes: card.cDim, licence, note };
}
