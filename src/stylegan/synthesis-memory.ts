import type { GeneratorCard } from './generator-card.ts';

/** What is between a layer's input and output, in sizes of its output: StyleGAN3 enlarges each four times, with margins, before it activates. */
const BETWEEN = { stylegan1: 1, stylegan2: 1, stylegan3: 8 } as const;

/** Bytes that one synthesis needs, about: the taps, what is between them, and the weights twice (file and session). */
export function synthesisMemory({ family, taps }: Pick<GeneratorCard, 'family' | 'taps'>): number {
  let values = 0;
  let weights = 0;
  for (const [i, { channels, resolution }] of taps.entries()) {
    values += channels * resolution ** 2;
    weights += 9 * channels * (taps[i - 1]?.channels ?? channels);
  }
  return 4 * ((1 + BETWEEN[family]) * values + 2 * weights);
}
