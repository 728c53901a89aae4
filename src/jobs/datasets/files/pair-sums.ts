import { hasMasks } from '../../../export/has-masks.ts';
import type { PairRecord } from '../../../synthesis/pair-record.ts';

/** Sums over the pairs that went by, for the dataset card. */
export class PairSums {
  readonly #labels: readonly string[];
  readonly #keypoints: readonly string[];
  #pairs = 0;
  #js = 0;
  #areas: number[] = [];
  /** By keypoint: pairs that show it. */
  #shown: number[] = [];

  constructor(labels: readonly string[], keypoints: readonly string[]) {
    this.#labels = labels;
    this.#keypoints = keypoints;
  }

  begin(): void {
    this.#pairs = 0;
    this.#js = 0;
    this.#areas = this.#labels.map(() => 0);
    this.#shown = this.#keypoints.map(() => 0);
  }

  add({ js, areas, keypoints = [] }: PairRecord): void {
    this.#pairs++;
    this.#js += js;
    for (const [label, pixels] of areas.entries()) this.#areas[label]! += pixels;
    for (const { keypoint } of keypoints) this.#shown[keypoint]!++;
  }

  lines(): (readonly [string, string])[] {
    if (this.#pairs === 0) return [];
    const total = this.#areas.reduce((sum, area) => sum + area, 0);
    const shares = (names: readonly string[], of: readonly number[], all: number) =>
      names.map((name, index) => `${name} ${((100 * of[index]!) / all).toFixed(1)} %`).join(', ');
    const masks = [
      [
        'Mean uncertainty (JS divergence of the ensemble, nats; over the most uncertain tenth of pixels)',
        (this.#js / this.#pairs).toFixed(4),
      ],
      ['Share of pixels', shares(this.#labels, this.#areas, total)],
    ] as const;
    return [
      ...(hasMasks({ labels: this.#labels }) ? masks : []),
      ...(this.#keypoints.length === 0
        ? []
        : [['Share of pictures that show a keypoint', shares(this.#keypoints, this.#shown, this.#pairs)] as const]),
    ];
  }
}
