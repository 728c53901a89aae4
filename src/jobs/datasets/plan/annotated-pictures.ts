import type { VersionRecord } from '../../../interpreter/versions/version.ts';
import type { ClassRule } from '../../../stylegan/class-rule.ts';

/** How the pictures were made that a version learnt from; a dataset is made the same way unless it is ordered otherwise. */
export interface AnnotatedPictures {
  /** Where they all agree on both. */
  readonly truncation?: { readonly psi: number; readonly cutoff: number | null };
  /** The rule of the project when they were trained on; null: it had none. */
  readonly classes: ClassRule | null;
}

export function annotatedPictures({ images, classRule }: Pick<VersionRecord, 'images' | 'classRule'>): AnnotatedPictures {
  const classes = classRule === 'none' ? null : (JSON.parse(classRule) as ClassRule);
  const [first, ...others] = images.map(({ image }) => image);
  const agree = first !== undefined && others.every(({ psi, cutoff }) => psi === first.psi && cutoff === first.cutoff);
  return { classes, ...(agree ? { truncation: { psi: first.psi, cutoff: first.cutoff } } : {}) };
}
