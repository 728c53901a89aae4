import type { ProjectPictures } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { type LookQuery, PAGE_SIZE } from './look-query.ts';

export type LookedAt = ProjectPictures['pictures'][number];

/** Wide enough for two pixels a point on a screen. */
const THUMBNAIL_PIXELS = 384;

/** All of them may wait for a training: the reader pages through, and annotators come first. */
const PATIENT = { patient: 'true' };

/** Which pictures a page of the view has. */
export function picturesPath(project: string, { of, start, psi }: LookQuery): string {
  const query = new URLSearchParams({
    of,
    start: String(start),
    limit: String(PAGE_SIZE),
    ...(psi === undefined ? {} : { psi: String(psi) }),
  });
  return projectPath(project, `/pictures?${query}`);
}

/** @param full in its whole size */
export function picturePath(generator: string, picture: LookedAt, full: boolean): string {
  const query = identity(picture, full ? PATIENT : { width: String(THUMBNAIL_PIXELS), ...PATIENT });
  return `/api/generators/${encodeURIComponent(generator)}/images/${picture.seed}.png?${query}`;
}

/** What a version sees in a picture: its label map, its uncertainty, its score and keypoints. */
export function predictionPath(
  project: string,
  picture: LookedAt,
  version: string,
  what: '.png' | '/uncertainty.png' | '.json',
): string {
  return projectPath(project, `/predictions/${picture.seed}${what}?${identity(picture, { version, ...PATIENT })}`);
}

/** The exact parts, or keypoints, of a picture. */
export function truthPath(generator: string, picture: LookedAt, what: '.png' | '.json'): string {
  return `/api/generators/${encodeURIComponent(generator)}/truth/${picture.seed}${what}?${identity(picture, {})}`;
}

function identity({ psi, cutoff, class: label }: LookedAt, more: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({
    psi: String(psi),
    cutoff: cutoff === null ? 'none' : String(cutoff),
    ...(label === null ? {} : { class: String(label) }),
    ...more,
  });
}
