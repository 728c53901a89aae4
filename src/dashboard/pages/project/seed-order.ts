import type { SeedOrder } from '../../../api/requests.ts';
import { texts } from '../../texts.ts';

const t = texts.project.seed;

/** What the API takes; it checks again. */
const MOST_PICTURES = 100_000;
const MOST_CANDIDATES = 10_000;

/** The form as typed. */
export interface SeedForm {
  readonly count: string;
  /** Empty: take seeds in turn. */
  readonly candidates: string;
}

export interface CheckedSeedForm {
  /** What to send; undefined while something is wrong. */
  readonly order: SeedOrder | undefined;
  readonly errors: { readonly count?: string; readonly candidates?: string };
}

/** @param trained whether the project has a version, which alone can choose */
export function checkSeedForm({ count, candidates }: SeedForm, trained: boolean): CheckedSeedForm {
  const [pictures, from] = [wholeOf(count), candidates.trim() === '' ? null : wholeOf(candidates)];
  const errors = {
    ...(pictures === undefined || pictures < 1 || pictures > MOST_PICTURES ? { count: t.wrongCount(MOST_PICTURES) } : {}),
    ...candidatesError(pictures, from, trained),
  };
  if (Object.keys(errors).length > 0 || pictures === undefined || from === undefined) return { order: undefined, errors };
  return { order: { count: pictures, ...(from === null ? {} : { candidates: from }) }, errors };
}

function candidatesError(
  pictures: number | undefined,
  from: number | null | undefined,
  trained: boolean,
): { candidates?: string } {
  if (from === null) return {};
  if (!trained) return { candidates: t.needsVersion };
  if (from === undefined || from < 1 || from > MOST_CANDIDATES) return { candidates: t.wrongCandidates(MOST_CANDIDATES) };
  return pictures !== undefined && from < pictures ? { candidates: t.tooFew } : {};
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
