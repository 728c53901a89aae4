import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page's own sources; in the npm package they are compiled. */
const FOLDER = fileURLToPath(new URL('../../dashboard/', import.meta.url));

/** Extension of modules, as this very file has it. */
export const MODULE_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

export interface PageSource {
  readonly type: 'text/javascript' | 'text/css' | 'image/svg+xml';
  readonly text: string;
}

const TYPES: Readonly<Record<string, PageSource['type']>> = {
  [MODULE_EXTENSION]: 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The files that a browser may ask for, relative to the page's folder and with `/`. Nothing else of this machine is ever read. */
const NAMES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => typeOf(name) !== undefined);

export const STYLE_SHEETS: readonly string[] = NAMES.filter((name) => name.endsWith('.css')).sort();

/** By name, while the file stays the same. */
const read = new Map<string, { readonly changed: number; readonly source: PageSource }>();

/** A file of the page as a browser takes it: types of a TypeScript module are replaced by blanks. undefined if there is none of that name. */
export async function pageSource(name: string): Promise<PageSource | undefined> {
  const type = typeOf(name);
  if (type === undefined || !NAMES.includes(name)) return undefined;
  const path = join(FOLDER, name);
  const { mtimeMs: changed } = await stat(path);
  const known = read.get(name);
  if (known?.changed === changed) return known.source;
  const text = await readFile(path, 'utf8');
  const source = { type, text: name.endsWith('.ts') ? await withoutTypes(text) : text };
  read.set(name, { changed, source });
  return source;
}

/** The package has no TypeScript: it never loads this. */
async function withoutTypes(text: string): Promise<string> {
  const { transformSync } = await import('amaro');
  return transformSync(text, { mode: 'strip-only' }).code;
}

function typeOf(name: string): PageSource['type'] | undefined {
  return TYPES[/\.\w+$/.exec(name)?.[0] ?? ''];
}
