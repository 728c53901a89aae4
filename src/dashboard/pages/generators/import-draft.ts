import { readNumber } from '../../read-number.ts';

/** What somebody fills in to import a checkpoint, as typed. */
export interface ImportDraft {
  readonly name: string;
  readonly licence: string;
  readonly psi: string;
  readonly taps: '' | 'editgan' | 'datasetgan';
  readonly labelSize: string;
  readonly rowsFrom: string;
  readonly rowsTo: string;
  /** Only of a file on the server. */
  readonly averageFile: string;
}

export const EMPTY_DRAFT: ImportDraft = {
  name: '',
  licence: '',
  psi: '',
  taps: '',
  labelSize: '',
  rowsFrom: '',
  rowsTo: '',
  averageFile: '',
};

export type DraftFault = 'name' | 'psi' | 'labelSize' | 'rows';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const LARGEST_SIZE = 2048;

/** What cannot be, by field. What the server alone can know is left to it. */
export function faultsOf({ name, psi, labelSize, rowsFrom, rowsTo }: ImportDraft): ReadonlySet<DraftFault> {
  const faults = new Set<DraftFault>();
  if (name !== '' && !NAME.test(name)) faults.add('name');
  if (psi !== '' && !isNumber(psi, 0, 2)) faults.add('psi');
  if (labelSize !== '' && !isWhole(labelSize, 4, LARGEST_SIZE)) faults.add('labelSize');
  const hasRows = rowsFrom !== '' || rowsTo !== '';
  const areRows =
    isWhole(rowsFrom, 0, LARGEST_SIZE) && isWhole(rowsTo, 1, LARGEST_SIZE) && readNumber(rowsFrom)! < readNumber(rowsTo)!;
  if (hasRows && !areRows) faults.add('rows');
  return faults;
}

/** Path of the upload of a file. */
export function uploadPath(filename: string, draft: ImportDraft): string {
  const { name, licence, psi, taps, labelSize, rowsFrom, rowsTo } = draft;
  const plain = (typed: string) => String(readNumber(typed) ?? '');
  const rows = rowsFrom === '' ? '' : `${plain(rowsFrom)}:${plain(rowsTo)}`;
  const query = Object.entries({ filename, name, licence, psi: plain(psi), taps, labelSize: plain(labelSize), rows }).filter(
    ([, value]) => value !== '',
  );
  return `/api/generators/upload?${new URLSearchParams(query)}`;
}

/** Body of the import of a file on the server's disk. */
export function importBody(file: string, draft: ImportDraft): object {
  const { name, licence, psi, taps, labelSize, rowsFrom, rowsTo, averageFile } = draft;
  return {
    file,
    ...given({ name, licence, taps, averageFile }),
    ...(psi === '' ? {} : { psi: readNumber(psi) }),
    ...(labelSize === '' ? {} : { labelSize: readNumber(labelSize) }),
    ...(rowsFrom === '' ? {} : { rows: { from: readNumber(rowsFrom), to: readNumber(rowsTo) } }),
  };
}

function given(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
}

function isNumber(text: string, from: number, to: number): boolean {
  const value = readNumber(text) ?? Number.NaN;
  return value >= from && value <= to;
}

function isWhole(text: string, from: number, to: number): boolean {
  return isNumber(text, from, to) && Number.isInteger(readNumber(text));
}
