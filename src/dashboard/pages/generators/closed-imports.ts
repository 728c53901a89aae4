const KEY = 'datasetgan-closed-imports';
/** Older ones are no longer in the list that these are left out of. */
const MOST_KEPT = 50;

/** Ids of the imports that the reader has closed in this browser. */
export function closedImports(): readonly string[] {
  return (localStorage.getItem(KEY) ?? '').split(' ').filter((id) => id !== '');
}

export function closeImport(id: string): void {
  localStorage.setItem(KEY, [id, ...closedImports()].slice(0, MOST_KEPT).join(' '));
}
