import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawKeypoints } from '../../../../src/jobs/engine-tasks/draw-keypoints.ts';
import { galleryPictures } from '../../../../src/jobs/engine-tasks/gallery-pictures.ts';
import { previewSheet } from '../../../../src/jobs/engine-tasks/preview-sheet.ts';
import { encodeIndexPng, encodeRgbPng } from '../../../../src/masks/png/png.ts';
import { idleContext } from '../../../support/idle-context.ts';

const [WIDTH, HEIGHT] = [400, 200];
const COLOURS = [
  [255, 0, 0],
  [0, 0, 255],
] as const;
/** Labels are half as fine as the picture. */
const pair = {
  image: await encodeRgbPng(new Uint8Array(3 * WIDTH * HEIGHT), WIDTH, HEIGHT),
  mask: await encodeIndexPng({ width: WIDTH / 2, height: HEIGHT / 2, data: new Uint8Array((WIDTH * HEIGHT) / 4) }),
  keypoints: [
    { keypoint: 1, x: 50, y: 25, score: 1, spread: 0 },
    { keypoint: 0, x: 150, y: 75, score: 1, spread: 0 },
  ],
};

test('a point is drawn at its place in the picture, in the colour of its keypoint', async () => {
  const { data, info } = await (await drawKeypoints(pair, COLOURS)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([WIDTH, HEIGHT]);
  const at = (x: number, y: number) => [...data.subarray(3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3)];
  expect(at(100, 50)).toEqual([0, 0, 255]);
  expect(at(300, 150)).toEqual([255, 0, 0]);
  for (const [x, y] of [
    [50, 25],
    [200, 100],
    [350, 175],
  ] as const)
    expect(at(x, y)).toEqual([0, 0, 0]);
});

test('without masks, galleries and sheets have the pictures alone', async () => {
  const alone = { pairs: [pair, pair], colours: [COLOURS[0]], points: COLOURS };
  const [shown] = await galleryPictures(alone, idleContext);
  expect(Object.keys(shown!)).toEqual(['image']);
  const { width } = await sharp(await previewSheet(alone)).metadata();
  // Two pictures of 160 pixels, 8 apart.
  expect(width).toBe(2 * 160 + 8);
  const both = { ...alone, colours: COLOURS };
  expect(Object.keys((await galleryPictures(both, idleContext))[0]!)).toEqual(['image', 'mask']);
  expect((await sharp(await previewSheet(both)).metadata()).width).toBe(4 * 160 + 8);
});
