import type { TaskRef } from '../engine/task.ts';
import type { ExportDataset, ExportPair } from './export-dataset.ts';
import type { Split } from './split.ts';
import type { FileTarget } from './targets/export-target.ts';

/** A pair with the split it is in. */
export interface SplitPair extends ExportPair {
  readonly split: Split;
}

/** Runs work of more than a millisecond: in a worker thread where there is an engine. */
export type RunTask = <I, O>(task: TaskRef<I, O>, input: I) => Promise<O>;

export interface FormatInput {
  readonly dataset: ExportDataset;
  /** To be gone through once. */
  readonly pairs: AsyncIterable<SplitPair>;
  readonly target: FileTarget;
  readonly run: RunTask;
}

/** What the dataset card says of the files. */
export interface FormatNotes {
  /** Markdown: which files there are and how they are read. */
  readonly layout: string;
  /** In one sentence: what becomes of pixels that are to be ignored (255). Left out where it has no masks. */
  readonly ignored?: string;
  /** Markdown: how keypoints are in its files. Left out where it has no place for them. */
  readonly keypoints?: string;
}

/** Files of one kind. */
export interface FileKind {
  readonly name: string;
  /** Glob. */
  readonly files: string;
  /** MIME type. */
  readonly type: string;
}

/** One way to write a dataset. */
export interface ExportFormat {
  /** For people. */
  readonly title: string;
  /** For metadata. */
  readonly kinds: readonly FileKind[];
  readonly notes: FormatNotes;
  /** What a dataset must have for it; left out: masks or keypoints. */
  readonly needs?: 'masks' | 'keypoints';
  /**
   * For Hugging Face's `datasets`, in the card's front matter: a glob by split, of the splits that have pairs; undefined where it
   * has no reader for it.
   */
  readonly dataFiles?: (split: Split) => string;
  /** Writes the pairs; the card, the checksums and the rest that all formats have are written by writeExport. */
  write(input: FormatInput): Promise<void>;
}
