import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import {
  addToConfusion,
  emptyConfusion,
  intersectionOverUnion,
  meanIntersectionOverUnion,
} from '../../../src/interpreter/learning/metrics.ts';
import { encodeIndexPng } from '../../../src/masks/png/png.ts';
import type { Backbone } from '../../../src/photos/backbone.ts';
import { writePhotoModel } from '../../../src/photos/model-file/write-photo-model.ts';
import { photoView } from '../../../src/photos/photo-network.ts';
import { predictPhotoTask } from '../../../src/photos/predict-photo.ts';
import type { LabelledFile } from '../../../src/student/labelled-file.ts';
import { AUGMENTATION, STUDENT_SETTINGS } from '../../../src/student/student-recipe.ts';
import { type StudentRecord, trainStudentTask } from '../../../src/student/train-student.ts';
import { DISC_LABELS, drawDiscs, randomBackbone } from '../photos/support/disc-photos.ts';

/** A backbone with random weights sees too little of small pictures. */
const MILD = { ...AUGMENTATION, zoom: [0.8, 1.2], colour: 0.1 } as const;
const folder = mkdtempSync(join(tmpdir(), 'datasetgan-student-'));
const engine = new Engine({ threads: 2, memoryLimit: 4e9 });
const lane = { lane: 'batch' } as const;
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

let backbone: Backbone;
let pairs: LabelledFile[];
let first: Awaited<ReturnType<typeof train>>;
beforeAll(async () => {
  backbone = await randomBackbone(join(folder, 'backbones'));
  pairs = await Promise.all([...'abcdefgh'].map((name, i) => pair(name, 160 + 8 * i, 200 - 8 * i)));
  first = await train('first');
});

/** A picture of discs with its label map in a file; of a third of it nothing is said. */
async function pair(name: string, width: number, height: number): Promise<LabelledFile> {
  const { photo, map, centre } = await drawDiscs(folder, name, width, height);
  const data = map.data.map((label, pixel) => (pixel % width < width / 6 || pixel % width > (width * 5) / 6 ? 255 : label));
  const file = join(folder, `${name}.map.png`);
  writeFileSync(file, await encodeIndexPng({ width, height, data }));
  return { picture: photo.file, map: file, keypoints: [centre] };
}

async function train(
  name: string,
  own: Partial<{ pairs: LabelledFile[]; photographs: LabelledFile[]; keypoints: string[] }> = {},
) {
  mkdirSync(join(folder, name));
  const input = {
    backbone,
    view: photoView(backbone.card, 192),
    labels: DISC_LABELS,
    keypoints: ['middle of red'],
    pairs,
    photographs: [],
    source: 'dataset 7',
    augmentation: MILD,
    settings: { ...STUDENT_SETTINGS, members: 2, steps: 400, maxSteps: 400 },
    seed: 0,
    trainMemory: 0.2e9,
    cacheFolder: join(folder, name, 'features'),
    checkpointFile: join(folder, name, 'checkpoint'),
    versionFile: join(folder, name, 'version'),
    ...own,
  };
  const phases = new Set<string>();
  const onProgress = (value: unknown) => phases.add((value as { phase: string }).phase);
  const record: StudentRecord = await engine.run(trainStudentTask, input, { ...lane, onProgress });
  return { ...input, record, phases };
}

test('a student learns from files of pairs, and labels pictures that it has not seen', async () => {
  const { record, versionFile, cacheFolder, phases } = first;
  expect(record).toMatchObject({
    backbone: backbone.card.id,
    size: 192,
    labelSide: 96,
    annotatedLabels: [0, 1, 2],
    images: [],
    student: { source: 'dataset 7', pairs: 8, photographs: 0, augmentation: MILD },
  });
  expect([...phases]).toEqual(['reading the pictures', 'learning the features', 'sampling', 'training', 'storing']);
  expect(existsSync(cacheFolder)).toBe(false);
  const confusion = emptyConfusion(DISC_LABELS.length);
  for (const [i, name] of ['x', 'y', 'z'].entries()) {
    const { photo, map } = await drawDiscs(folder, name, 220 - 20 * i, 160);
    const seen = await engine.run(predictPhotoTask, { backbone, photo, versionFile }, lane);
    addToConfusion(confusion, map.data, seen.labelMap);
    expect(seen.keypoints.length).toBe(1);
  }
  expect(meanIntersectionOverUnion(intersectionOverUnion(confusion))).toBeGreaterThan(0.6);
});

test('its file for ONNX Runtime labels a picture as predictPhoto does', async () => {
  const model = join(folder, 'student.onnx');
  expect((await writePhotoModel(backbone, first.versionFile, model)).id).toBe(first.record.id);
  const { photo } = await drawDiscs(folder, 'taken', 192, 140);
  const { labelMap } = await engine.run(predictPhotoTask, { backbone, photo, versionFile: first.versionFile }, lane);
  const session = await InferenceSession.create(model);
  const rgb = await sharp(photo.file).removeAlpha().raw().toBuffer();
  const { label_map } = await session.run({ photograph: new Tensor('uint8', rgb, [1, 140, 192, 3]) });
  await session.release();
  const same = labelMap.filter((label, i) => label === (label_map!.data as Uint8Array)[i]).length;
  expect(same / labelMap.length).toBeGreaterThanOrEqual(0.999);
});

test('the same pairs give the same student, and photographs beside them another', async () => {
  const { record } = first;
  const { id, weights } = (await train('again')).record;
  expect([id, weights]).toEqual([record.id, record.weights]);
  const beside = await train('beside', { pairs: pairs.slice(0, 4), photographs: pairs.slice(4) });
  expect(beside.record.student).toMatchObject({ pairs: 4, photographs: 4 });
  expect(beside.record.id).not.toBe(record.id);
});

test('where no keypoint is wanted, those of the pairs are left out', async () => {
  const { record, versionFile } = await train('without', { keypoints: [] });
  expect(record.keypoints).toBeUndefined();
  const { photo } = await drawDiscs(folder, 'w', 100, 100);
  const seen = await engine.run(predictPhotoTask, { backbone, photo, versionFile }, lane);
  expect(seen.keypoints).toEqual([]);
});

test('a pair that cannot be read, or that has other labels, is named', async () => {
  const broken = join(folder, 'broken.png');
  writeFileSync(broken, 'no picture');
  await expect(train('broken', { pairs: [{ ...pairs[0]!, picture: broken }] })).rejects.toMatchObject({ code: 'bad-photo' });
  const other = join(folder, 'other.png');
  writeFileSync(other, await encodeIndexPng({ width: 1, height: 1, data: Uint8Array.of(9) }));
  await expect(train('other', { pairs: [{ ...pairs[0]!, map: other }] })).rejects.toMatchObject({
    code: 'bad-annotation',
    message: expect.stringContaining('other.png'),
  });
  await expect(train('none', { pairs: [] })).rejects.toMatchObject({ code: 'training-refused' });
});
