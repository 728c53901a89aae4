import type { SeedPrediction, SeedTruth } from '../../../api/answers.ts';
import type { RequestError } from '../../request.ts';
import { type LookedAt, picturePath, predictionPath, truthPath } from './look-paths.ts';
import { TRUTH } from './look-query.ts';
import type { Layer } from './look-settings.ts';
import type { Grey } from './overlay.ts';
import { readGrey, readJson, readPicture } from './read-picture.ts';
import { RANK, useLoaded } from './use-loaded.ts';

/** Where pictures come from. */
export interface Source {
  readonly project: string;
  readonly generator: string;
}

export interface SeenPoint {
  readonly name: string;
  /** In pixels of the map. */
  readonly x: number;
  readonly y: number;
  /** 0 … 1; of what is known exactly there is none. */
  readonly score: number | undefined;
}

/** What is seen in a picture, as far as it is there yet. */
export interface Seen {
  readonly map: Grey | undefined;
  /** Names of the map's numbers. */
  readonly labels: readonly string[];
  readonly points: readonly SeenPoint[];
  /** Size of the pixels that points are in. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly score: number | undefined;
  readonly problem: RequestError | undefined;
}

export function usePicture({ generator }: Source, picture: LookedAt | undefined, full: boolean) {
  return useLoaded(picture === undefined ? null : picturePath(generator, picture, full), RANK.picture, readPicture);
}

/** @param side a version, or TRUTH, or undefined: nobody looks */
export function useSeen(
  { project, generator }: Source,
  picture: LookedAt | undefined,
  side: string | undefined,
  layer: Layer,
): Seen {
  const isTruth = side === TRUTH;
  const asked = picture !== undefined && side !== undefined && (!isTruth || picture.hasTruth);
  const pathOf = (what: '.png' | '/uncertainty.png' | '.json') => {
    if (!asked) return null;
    return isTruth
      ? truthPath(generator, picture, what === '.json' ? what : '.png')
      : predictionPath(project, picture, side, what);
  };
  const mapPath = layer === 'nothing' ? null : pathOf(layer === 'masks' ? '.png' : '/uncertainty.png');
  const map = useLoaded(mapPath, RANK.mask, readGrey);
  const figures = useLoaded(pathOf('.json'), RANK.mask, readJson<SeedPrediction | SeedTruth>);
  const told = figures.value;
  return {
    // Without names its numbers mean nothing.
    map: told === undefined ? undefined : map.value,
    labels: told === undefined ? [] : 'labels' in told ? told.labels : told.parts,
    points: told === undefined ? [] : pointsOf(told),
    size: told === undefined ? undefined : { width: told.width, height: told.height },
    score: told !== undefined && 'score' in told ? told.score : undefined,
    problem: map.problem ?? figures.problem,
  };
}

/** Those that the picture shows. */
function pointsOf(told: SeedPrediction | SeedTruth): SeenPoint[] {
  if ('score' in told) return told.keypoints.map(({ name, x, y, score }) => ({ name, x, y, score }));
  return told.keypoints.filter(({ visible }) => visible).map(({ name, x, y }) => ({ name, x, y, score: undefined }));
}
