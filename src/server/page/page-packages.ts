import { fileURLToPath } from 'node:url';

/** Modules of other people that the page imports, by the name it imports them under: where they are on this machine. */
const MODULES: Readonly<Record<string, string>> = {
  preact: 'preact',
  'preact/hooks': 'preact/hooks',
  htm: 'htm',
  'htm/preact': 'htm/preact',
  uplot: 'uplot/dist/uPlot.esm.js',
};
const STYLES: Readonly<Record<string, string>> = { 'uplot.css': 'uplot/dist/uPlot.min.css' };

/** Where a browser finds them. */
const FOLDER = '/dashboard/packages/';

export const PACKAGE_STYLE_SHEETS: readonly string[] = Object.keys(STYLES).map((name) => FOLDER + name);

/** The page's import map. */
export const IMPORT_MAP = {
  imports: Object.fromEntries(Object.keys(MODULES).map((name) => [name, `${FOLDER}${name}.js`])),
};

/** File on this machine of `/dashboard/packages/NAME`; undefined if the page has no such package. */
export function packageFile(name: string): string | undefined {
  const style = STYLES[name];
  const specifier = style ?? MODULES[name.replace(/\.js$/, '')];
  return specifier === undefined ? undefined : fileURLToPath(import.meta.resolve(specifier));
}
