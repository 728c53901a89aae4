import { Random } from '../../../../src/interpreter/learning/random.ts';
import type { MarkedKeypoints } from '../../../../src/keypoints/keypoint.ts';
import { KEYPOINTS } from '../../../../src/stylegan/portraits/parts.ts';
import { truth } from '../../../../src/stylegan/portraits/truth.ts';
import { portrait, truthMap } from './portraits.ts';

export const keypointNames: readonly string[] = [...KEYPOINTS];

/** The exact keypoints of a portrait: null where an ear is hidden. */
export function truthKeypoints(seed: number): MarkedKeypoints {
  return truth(portrait(seed)).keypoints.map(({ x, y, visible }) => (visible ? { x, y } : null));
}

/** As somebody clicks them, with an error of `noise` pixels (standard deviation) in each direction. */
export function clickedKeypoints(seed: number, noise: number): MarkedKeypoints {
  const random = new Random(seed, 'keypoints');
  return truthKeypoints(seed).map((point) => {
    const [dx, dy] = [noise * random.normal(), noise * random.normal()];
    return point === null ? null : { x: point.x + dx, y: point.y + dy };
  });
}

/** Pictures on which somebody clicked keypoints, and painted nothing. */
export const clicked = (seeds: readonly number[], noise = 0) =>
  seeds.map((seed) => ({
    image: portrait(seed),
    labelMap: { ...truthMap(seed), data: new Uint8Array(256 * 256).fill(255) },
    keypoints: clickedKeypoints(seed, noise),
  }));
