import type { ProjectFigures } from '../../../api/answers.ts';

/**
 * The middle of each bin, times a factor, and how many pictures are in it.
 * @returns as many of each as there are bins
 */
export function histogramBars({ width, counts }: ProjectFigures['uncertainty'], factor: number): { x: number[]; y: number[] } {
  return { x: counts.map((_, bin) => (bin + 0.5) * width * factor), y: [...counts] };
}
