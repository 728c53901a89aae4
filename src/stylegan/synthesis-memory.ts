import type { GeneratorCard } from './generator-card.ts';

/** Bytes that one synthesis needs, about: the taps, as much again for what lies between them, and the weights twice (file and session). */
export function synthesisMemory({ taps }: Pick<GeneratorCard, 'taps'>): number {
  let values = 0;
  let weights = 0;
  for (const [i, { channels, resolution }] of taps.entries()) {
    values += channels * resolution ** 2;
    weights += 9 * channels * (taps[i - 1]?.channels ?? channels);
  }
  return 4 * (2 * values + 2 * weights);
}
