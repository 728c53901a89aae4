import type { ImageOptions } from '../api/backend.ts';

interface ImageQuery {
  readonly psi?: number | undefined;
  readonly cutoff?: number | 'none' | undefined;
  readonly class?: number | undefined;
}

/** A query has no null: of a cutoff it says `none`. */
export function imageOptions({ psi, cutoff, class: imageClass }: ImageQuery): ImageOptions {
  return { psi, cutoff: cutoff === 'none' ? null : cutoff, class: imageClass };
}
