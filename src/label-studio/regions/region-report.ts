import { fewNotes } from './few-notes.ts';

/** Hears of what is not as it should be. */
export interface RegionReport {
  /** Something that is no region of ours, or was read leniently. */
  note(text: string): void;
  /** A region of which nobody can tell where it is. */
  lose(text: string): void;
}

/** What reading an annotation comes upon, written down. */
export interface CollectedReport extends RegionReport {
  /** Whether a region was lost. */
  readonly lost: boolean;
  /** Each text once. */
  readonly notes: readonly string[];
}

export function collectReport(): CollectedReport {
  const notes = new Set<string>();
  let lost = false;
  return {
    note: (text) => void notes.add(text),
    lose: (text) => {
      notes.add(text);
      lost = true;
    },
    get lost() {
      return lost;
    },
    get notes() {
      return fewNotes([...notes]);
    },
  };
}

export const SILENT: RegionReport = { note: () => {}, lose: () => {} };
