/** Licences that Hugging Face and Croissant know by their SPDX identifier, in lower case. */
const KEYS: ReadonlySet<string> = new Set([
  'apache-2.0',
  'mit',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc0-1.0',
  'cc-by-4.0',
  'cc-by-sa-4.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-4.0',
  'cc-by-nc-nd-4.0',
  'cc-by-nd-4.0',
  'openrail',
  'unlicense',
]);

/** The key of a licence that is given by its SPDX identifier alone (`CC BY-NC 4.0` and `cc-by-nc-4.0` are one); undefined for any other text. */
export function licenceKey(licence: string): string | undefined {
  const key = licence.trim().toLowerCase().replaceAll(' ', '-');
  return KEYS.has(key) ? key : undefined;
}
