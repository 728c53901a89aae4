import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../../src/interpreter/learning/metrics.ts';
import { DEFAULT_SETTINGS } from '../../../src/interpreter/recipe.ts';
import type { Backbone } from '../../../src/photos/backbone.ts';
import { photoFile } from '../../../src/photos/photo-files.ts';
import { labelsInFrame } from '../../../src/photos/photo-frame.ts';
import { photoView } from '../../../src/photos/photo-network.ts';
import { predictPhotoTask } from '../../../src/photos/predict-photo.ts';
import { trainPhotoVersionTask } from '../../../src/photos/train-photo-version.ts';
import { pointInFrame } from '../../support/point-in-frame.ts';
import { DISC_LABELS, type DiscPhoto, drawDiscs, randomBackbone } from './support/disc-photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-photos-'));
const engine = new Engine({ threads: 2, memoryLimit: 4e9 });
const draw = (...args: [name: string, width: number, height: number, turned?: boolean]) => drawDiscs(folder, ...args);
const lane = { lane: 'batch' } as const;
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

let backbone: Backbone;
let annotated: DiscPhoto[];
beforeAll(async () => {
  backbone = await randomBackbone(join(folder, 'backbones'));
  annotated = [await draw('a', 160, 120), await draw('b', 90, 200), await draw('c', 128, 128, true)];
});

async function train(name: string, drawn: readonly DiscPhoto[]) {
  const view = photoView(backbone.card);
  mkdirSync(join(folder, name));
  const input = {
    backbone,
    view,
    files: drawn.map(({ photo }) => photo),
    images: drawn.map(({ photo, map, centre }) => {
      const frame = { width: map.width, height: map.height, side: view.labelSide };
      return {
        image: { photo: photo.photo },
        labelMap: labelsInFrame(map, frame),
        keypoints: [pointInFrame(centre, frame)],
      };
    }),
    labels: DISC_LABELS,
    keypoints: ['middle of red'],
    settings: { ...DEFAULT_SETTINGS, members: 4 },
    seed: 0,
    trainMemory: 0.5e9,
    cacheFolder: join(folder, name, 'features'),
    checkpointFile: join(folder, name, 'checkpoint'),
    versionFile: join(folder, name, 'version'),
  };
  return { record: await engine.run(trainPhotoVersionTask, input, lane), versionFile: input.versionFile };
}

test('photographs of any size and orientation are learnt from, and labelled at their own size', async () => {
  const { record, versionFile } = await train('first', annotated);
  expect(record).toMatchObject({ backbone: backbone.card.id, size: 256, labelSide: 128, annotatedLabels: [0, 1, 2] });
  const confusion = emptyConfusion(DISC_LABELS.length);
  for (const unseen of [await draw('d', 300, 200), await draw('e', 110, 210, true), await draw('f', 240, 240)]) {
    const seen = await engine.run(predictPhotoTask, { backbone, photo: unseen.photo, versionFile }, lane);
    expect([seen.width, seen.height]).toEqual([unseen.map.width, unseen.map.height]);
    addToConfusion(confusion, unseen.map.data, seen.labelMap);
    const [point] = seen.keypoints;
    const { width, height } = unseen.map;
    expect(Math.hypot(point!.x - unseen.centre.x, point!.y - unseen.centre.y)).toBeLessThan(0.2 * Math.max(width, height));
    expect(seen.score).toBeGreaterThan(0);
  }
  // A mask that was turned the wrong way, or not at all, would have about half of it.
  expect(meanIntersectionOverUnion(intersectionOverUnion(confusion))).toBeGreaterThan(0.6);
});

test('the same photographs give the same version in any order and under any name', async () => {
  const { record } = await train('order', annotated.toReversed());
  const renamed = annotated.map((own) => ({ ...own, photo: { ...own.photo, name: `my ${own.photo.name}` } }));
  const again = await train('renamed', renamed);
  expect([again.record.id, again.record.weights]).toEqual([record.id, record.weights]);
});

test('a version of another backbone is refused, and a picture that is none is named', async () => {
  const { versionFile } = await train('kept', annotated.slice(0, 2));
  const other = { ...backbone, card: { ...backbone.card, id: 'f'.repeat(64) } };
  const photo = annotated[0]!.photo;
  await expect(engine.run(predictPhotoTask, { backbone: other, photo, versionFile }, lane)).rejects.toMatchObject({
    code: 'unknown-version',
  });
  const file = join(folder, 'broken.jpg');
  writeFileSync(file, 'no picture');
  const broken = await photoFile(file, 'broken.jpg');
  await expect(engine.run(predictPhotoTask, { backbone, photo: broken, versionFile }, lane)).rejects.toMatchObject({
    code: 'bad-photo',
    message: expect.stringContaining('broken.jpg'),
  });
});
