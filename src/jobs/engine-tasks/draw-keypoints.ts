import sharp, { type Sharp } from 'sharp';
import { type Colour, hexColour } from '../../export/palette.ts';
import type { PredictedKeypoint } from '../../keypoints/keypoint.ts';
import type { EncodedPair } from './encode-pair.ts';

/** What masks and keypoints are drawn in. */
export interface DrawingColours {
  /** By label; the background alone where there are no masks. */
  readonly colours: readonly Colour[];
  /** By keypoint. */
  readonly points: readonly Colour[];
}

/** Radius of a point, as a share of the picture's longer side. */
const RADIUS = 0.015;
const LEAST_RADIUS_PIXELS = 1.5;

export interface PointedPair extends EncodedPair {
  /** In pixels of the mask. */
  readonly keypoints: readonly PredictedKeypoint[];
}

/** The picture of a pair with its keypoints on it: discs with a white rim. */
export async function drawKeypoints({ image, mask, keypoints }: PointedPair, points: readonly Colour[]): Promise<Sharp> {
  const picture = sharp(image);
  if (keypoints.length === 0) return picture;
  const [shown, map] = [await picture.metadata(), await sharp(mask).metadata()];
  const { width, height } = shown;
  const radius = Math.max(LEAST_RADIUS_PIXELS, RADIUS * Math.max(width, height));
  const discs = keypoints.map(({ keypoint, x, y }) => {
    const [across, down] = [(x * width) / map.width, (y * height) / map.height];
    return `<circle cx="${across}" cy="${down}" r="${radius}" fill="${hexColour(points[keypoint]!)}" stroke="#ffffff" stroke-width="${radius / 3}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${discs.join('')}</svg>`;
  return sharp(
    await picture
      .composite([{ input: Buffer.from(svg) }])
      .png()
      .toBuffer(),
  );
}
