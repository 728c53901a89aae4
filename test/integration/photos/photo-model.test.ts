import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { DEFAULT_SETTINGS } from '../../../src/interpreter/recipe.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Backbone } from '../../../src/photos/backbone.ts';
import { writePhotoModel } from '../../../src/photos/model-file/write-photo-model.ts';
import { labelsInFrame } from '../../../src/photos/photo-frame.ts';
import { photoView } from '../../../src/photos/photo-network.ts';
import { type PhotoPrediction, predictPhotoTask } from '../../../src/photos/predict-photo.ts';
import { trainPhotoVersionTask } from '../../../src/photos/train-photo-version.ts';
import { writeBackbone } from '../../../src/photos/write-backbone.ts';
import { has, READERS_PYTHON } from '../../support/needs.ts';
import { pointInFrame } from '../../support/point-in-frame.ts';
import { DISC_LABELS, type DiscPhoto, drawDiscs, randomBackbone } from './support/disc-photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'datasetgan-photo-model-'));
const engine = new Engine({ threads: 2, memoryLimit: 4e9 });
const lane = { lane: 'batch' } as const;
const exampleFile = (name: string) => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const [versionFile, model] = [join(folder, 'version'), join(folder, 'model.onnx')];
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

let backbone: Backbone;
beforeAll(async () => {
  backbone = await randomBackbone(join(folder, 'backbones'));
  await train(backbone, versionFile);
  await writePhotoModel(backbone, versionFile, model);
});

async function train(own: Backbone, file: string): Promise<void> {
  const drawn = await Promise.all([drawDiscs(folder, 'a', 160, 120), drawDiscs(folder, 'b', 90, 200)]);
  const view = photoView(own.card);
  const images = drawn.map(({ photo, map, centre }) => {
    const frame = { width: map.width, height: map.height, side: view.labelSide };
    return { image: { photo: photo.photo }, labelMap: labelsInFrame(map, frame), keypoints: [pointInFrame(centre, frame)] };
  });
  const input = {
    backbone: own,
    view,
    files: drawn.map(({ photo }) => photo),
    images,
    labels: DISC_LABELS,
    keypoints: ['middle of red'],
    settings: { ...DEFAULT_SETTINGS, members: 3 },
    seed: 0,
    trainMemory: 0.5e9,
    cacheFolder: join(folder, 'features'),
    checkpointFile: join(folder, 'checkpoint'),
    versionFile: file,
  };
  await engine.run(trainPhotoVersionTask, input, lane);
}

const predicted = (own: DiscPhoto) => engine.run(predictPhotoTask, { backbone, photo: own.photo, versionFile }, lane);
const agreement = (a: Uint8Array, b: Uint8Array) => a.filter((label, i) => label === b[i]).length / a.length;

async function answered(own: DiscPhoto) {
  const session = await InferenceSession.create(model);
  const { data, info } = await sharp(own.photo.file).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const answer = await session.run({ photograph: new Tensor('uint8', data, [1, info.height, info.width, 3]) });
  await session.release();
  return answer;
}

/**
 * The longer side of the first two is the working size: nothing is resampled. Others are resampled by another filter than sharp's; in the last one two
 * places are as good as equally warm.
 */
test.each([
  ['of the working size', 256, 180, false, { labels: 0.999, point: 0.001 }],
  ['of the working size, upright', 131, 256, false, { labels: 0.999, point: 0.001 }],
  ['larger, stored turned', 500, 333, true, { labels: 0.99, point: 0.01 }],
  ['smaller', 77, 100, false, { labels: 0.98, point: 0.1 }],
])('a picture %s is labelled as predictPhoto labels it', async (name, width, height, turned, like) => {
  const photo = await drawDiscs(folder, `unseen ${name}`, width, height, turned);
  const expected: PhotoPrediction = await predicted(photo);
  const { label_map, label_probabilities, keypoints } = await answered(photo);
  expect(label_map!.dims).toEqual([1, height, width]);
  expect(agreement(label_map!.data as Uint8Array, expected.labelMap)).toBeGreaterThanOrEqual(like.labels);
  const [, classes, rows, columns] = label_probabilities!.dims;
  expect([classes, Math.max(rows!, columns!)]).toEqual([3, 128]);
  const values = label_probabilities!.data as Float32Array;
  for (let pixel = 0; pixel < rows! * columns!; pixel += 97) {
    const sum = [0, 1, 2].reduce((total, label) => total + values[label * rows! * columns! + pixel]!, 0);
    expect(sum).toBeCloseTo(1, 4);
  }
  const [x, y, share] = keypoints!.data as Float32Array;
  const point = expected.keypoints[0]!;
  expect(share).toBeGreaterThanOrEqual(1);
  expect(Math.hypot(x! - point.x, y! - point.y)).toBeLessThan(like.point * Math.max(width, height));
});

async function maskBy(example: string, command: string, photo: DiscPhoto): Promise<Uint8Array> {
  const mask = join(folder, `${example}.png`);
  const { NODE_OPTIONS: _, ...env } = process.env;
  await promisify(execFile)(command, [exampleFile(example), model, photo.photo.file, mask], { env });
  return new Uint8Array(await sharp(mask).toColourspace('b-w').raw().toBuffer());
}

test.each([
  ['label-photograph.ts', process.execPath, true],
  ['label-photograph.py', READERS_PYTHON, has('readers')],
])('the example %s labels a photograph with the file', async (example, command, here) => {
  if (!here) return;
  const photo = await drawDiscs(folder, 'for examples', 200, 256);
  const { labelMap } = await predicted(photo);
  expect(agreement(await maskBy(example, command, photo), labelMap)).toBeGreaterThanOrEqual(0.999);
});

test('the file says what it is of', async () => {
  if (!has('readers')) return;
  const script =
    'import onnxruntime, json, sys; print(json.dumps(onnxruntime.InferenceSession(sys.argv[1]).get_modelmeta().custom_metadata_map))';
  const { stdout } = await promisify(execFile)(READERS_PYTHON, ['-c', script, model]);
  expect(JSON.parse(stdout)).toMatchObject({
    version: expect.stringMatching(/^dg-/),
    labels: JSON.stringify(DISC_LABELS),
    keypoints: '["middle of red"]',
    working_size: '256',
    backbone: 'random',
    backbone_licence: 'none',
  });
});

/** A backbone with one tap, of the given operator set, whose picture is called as asked. */
async function plainBackbone(name: string, picture: string, opset: number): Promise<Backbone> {
  const g = new GraphBuilder('plain');
  const input = g.input(picture, 'float32', [1, 3, 64, 64]);
  const pooled = g.op('AveragePool', [input], { kernel_shape: { ints: [4, 4] }, strides: { ints: [4, 4] } });
  g.output(pooled, 'float32', [1, 3, 16, 16], 'colours');
  return writeBackbone(join(folder, 'plain'), encodeModel({ ...g.model(), opset }), {
    name,
    input: { name: picture, size: 64, step: null, mean: [0, 0, 0], std: [1, 1, 1] },
    taps: [{ name: 'colours', channels: 3, stride: 4, leadingTokens: null }],
    source: 'drawn',
    licence: 'none',
    note: '',
  });
}

test.each([
  ['of an older operator set', 'old', 'picture', 17, 'operator set is 17', 'opset_version=18'],
  ['whose input is named as that of the file', 'taken', 'photograph', 18, "a value 'photograph'", ''],
])('a backbone %s is refused with what is missing', async (_, name, picture, opset, message, fix) => {
  const plain = await plainBackbone(name, picture, opset);
  mkdirSync(join(folder, name));
  const file = join(folder, name, 'version');
  await train(plain, file);
  await expect(writePhotoModel(plain, file, join(folder, `${name}.onnx`))).rejects.toMatchObject({
    code: 'bad-backbone',
    message: expect.stringContaining(message),
    fix: expect.stringContaining(fix),
  });
});

test('a version of another backbone, and one that is lost, are refused', async () => {
  const other = { ...backbone, card: { ...backbone.card, id: 'f'.repeat(64) } };
  await expect(writePhotoModel(other, versionFile, model)).rejects.toMatchObject({ code: 'unknown-version' });
  const lost = join(folder, 'lost');
  writeFileSync(lost, 'nothing');
  await expect(writePhotoModel(backbone, lost, model)).rejects.toMatchObject({ code: 'version-lost' });
});
