/** What the address says of the view, so that a link shows the same. */
export interface LookQuery {
  readonly of: 'tasks' | 'seeds';
  /** Tasks that are left out, or the first seed. */
  readonly start: number;
  /** undefined: the project's current one. */
  readonly version: string | undefined;
  /** Shown beside it: a version, the truth, or nothing. */
  readonly beside: string | undefined;
  /** undefined: the pictures' own. */
  readonly psi: number | undefined;
}

/** `beside` for the exact parts, which the bundled generator knows. */
export const TRUTH = 'truth';
export const PAGE_SIZE = 24;
export const LAST_SEED = 2 ** 32 - 1;

/** Anything that an address may say; what makes no sense is left out. */
export function readLookQuery(query: URLSearchParams): LookQuery {
  const text = (name: string) => query.get(name) || undefined;
  return {
    of: query.get('of') === 'seeds' ? 'seeds' : 'tasks',
    start: wholeNumber(query.get('start')) ?? 0,
    version: text('version'),
    beside: text('beside'),
    psi: psiOf(query.get('psi')),
  };
}

/** The same as it stands behind the `?`; empty where all is as usual. */
export function writeLookQuery({ of, start, version, beside, psi }: LookQuery): string {
  const query = new URLSearchParams();
  if (of === 'seeds') query.set('of', of);
  if (start > 0) query.set('start', String(start));
  if (version !== undefined) query.set('version', version);
  if (beside !== undefined) query.set('beside', beside);
  if (psi !== undefined) query.set('psi', String(psi));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A seed as it is typed; undefined if it is none. */
export function wholeNumber(text: string | null): number | undefined {
  const value = /^\s*\d{1,10}\s*$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value <= LAST_SEED ? value : undefined;
}

/** Truncation as the API takes it; undefined where it is left out or out of range. */
export function psiOf(text: string | null): number | undefined {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
  return value >= 0 && value <= 2 ? value : undefined;
}

/** The first picture of the page before or after; the same where there is none. */
export function turnPage(start: number, by: -1 | 1, total: number): number {
  const next = start + by * PAGE_SIZE;
  if (by === 1) return next < total ? next : start;
  return Math.max(0, next);
}
