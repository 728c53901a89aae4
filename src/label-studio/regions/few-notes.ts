const MOST_NOTES = 20;

/** The first 20 of them, and the number of the others: a broken import can have thousands. */
export function fewNotes(notes: readonly string[]): readonly string[] {
  const more = notes.length - MOST_NOTES;
  return more <= 0 ? notes : [...notes.slice(0, MOST_NOTES), `${more} more of this kind`];
}
