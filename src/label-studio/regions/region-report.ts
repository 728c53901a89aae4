/** Hears of what is not as it should be. */
export interface RegionReport {
  /** Something that is no region of ours, or was read leniently. */
  note(text: string): void;
  /** A region of which nobody can tell where it is. */
  lose(text: string): void;
}

export const SILENT: RegionReport = { note: () => {}, lose: () => {} };
