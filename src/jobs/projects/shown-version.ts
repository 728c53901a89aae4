/**
 * What Label Studio's `project.model_version` should say (design: showing a version). While a refresh is incomplete it is the backend's
 * title: the label stream then shows the current version's stored row or asks /predict, so no task opens empty or stale. When every
 * task without an annotation has a prediction of the current version, it is that version, which uncertainty sampling needs.
 */
export interface ShownVersion {
  /** What Label Studio has now. */
  readonly found: string | null;
  /** Title of our ML backend row. */
  readonly title: string;
  /** What we wrote there last. */
  readonly written: string | null;
  readonly current: string | null;
  /** Every task without an annotation has a prediction of `current`. */
  readonly complete: boolean;
}

export type ShownVersionStep = { readonly write: string } | { readonly keep: 'right' } | { readonly keep: 'chosen by the user' };

/** A value that is neither empty, nor the title, nor what we wrote last, is the user's choice and stays. */
export function shownVersionStep({ found, title, written, current, complete }: ShownVersion): ShownVersionStep {
  const wanted = complete && current !== null ? current : title;
  if (found === wanted) return { keep: 'right' };
  const ours = found === null || found === '' || found === title || found === written;
  return ours ? { write: wanted } : { keep: 'chosen by the user' };
}
