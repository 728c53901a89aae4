/** What is drawn over the pictures. */
export type Layer = 'masks' | 'uncertainty' | 'nothing';

export interface LookSettings {
  readonly layer: Layer;
  /** 0 … 1 */
  readonly opacity: number;
  /** Names of labels that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly keypoints: boolean;
}

export const LAYERS: readonly Layer[] = ['masks', 'uncertainty', 'nothing'];

/** With a label drawn, or no longer. */
export function toggled(hidden: ReadonlySet<string>, label: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(label)) next.add(label);
  return next;
}
