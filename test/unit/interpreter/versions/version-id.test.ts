import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, RECIPE } from '../../../../src/interpreter/recipe.ts';
import {
  annotationText,
  planVersion,
  summariseAnnotation,
  type VersionInputs,
} from '../../../../src/interpreter/versions/version-id.ts';
import type { MarkedKeypoints } from '../../../../src/keypoints/keypoint.ts';

const versionId = (inputs: VersionInputs) => planVersion(inputs).id;
const image = (seed: number) => ({ generator: 'g', seed, class: null, psi: 1, cutoff: null });
const annotation = (sha256: string, classes = [0, 1]) => ({ sha256, classes });
const inputs: VersionInputs = {
  generator: 'g',
  psi: 1,
  cutoff: null,
  classRule: 'none',
  labels: ['background', 'hair'],
  keypoints: [],
  images: [
    { image: image(3), annotation: annotation('aa'), keypoints: null },
    { image: image(1), annotation: annotation('bb'), keypoints: null },
  ],
  settings: DEFAULT_SETTINGS,
  seed: 0,
  basis: { sha256: 'b'.repeat(64), directions: 100 },
  trainMemory: 1e9,
};

test('the id is the hash of the canonical text, written out here by hand', () => {
  const settings =
    '{"batch":128,"learningRate":0.005,"maxSteps":1000,"members":10,"pixelsPerImage":4000,"steps":200,"stepsPerDoubling":75}';
  const one = (seed: number, sha: string) =>
    `{"image":{"class":null,"cutoff":null,"generator":"g","psi":1,"seed":${seed}},"sha256":"${sha}"}`;
  const text =
    `{"basis":"${'b'.repeat(64)}","classRule":"none","cutoff":null,"generator":"g","images":[${one(1, 'bb')},${one(3, 'aa')}],` +
    `"labels":["background","hair"],"psi":1,"recipe":${RECIPE},"seed":0,"settings":${settings}}`;
  expect(versionId(inputs)).toBe(`dg-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
  expect(versionId(inputs)).toMatch(/^dg-[0-9a-f]{12}$/);
});

test('neither the order of annotating nor unused memory changes the id', () => {
  expect(versionId({ ...inputs, images: inputs.images.toReversed() })).toBe(versionId(inputs));
  expect(versionId({ ...inputs, trainMemory: 2e9 })).toBe(versionId(inputs));
});

test('whatever changes the version changes the id', () => {
  const changed: Partial<VersionInputs>[] = [
    { generator: 'h' },
    { psi: 0.7 },
    { cutoff: 8 },
    { classRule: 'fixed' },
    { labels: ['background', 'beard'] },
    { labels: ['hair', 'background'] },
    { images: inputs.images.slice(1) },
    { images: [{ image: image(3), annotation: annotation('ac'), keypoints: null }, inputs.images[1]!] },
    { images: [{ image: { ...image(3), psi: 0.5 }, annotation: annotation('aa'), keypoints: null }, inputs.images[1]!] },
    { settings: { ...DEFAULT_SETTINGS, members: 9 } },
    { seed: 1 },
    { basis: { sha256: 'c'.repeat(64), directions: 100 } },
    { trainMemory: 4 * 100 * 2 * 1000 },
  ];
  const ids = changed.map((change) => versionId({ ...inputs, ...change }));
  expect(new Set([versionId(inputs), ...ids]).size).toBe(changed.length + 1);
});

test('keypoints are in the text where a picture has points, and only there', () => {
  const names = ['nose', 'chin'];
  expect(versionId({ ...inputs, keypoints: names })).toBe(versionId(inputs));
  const [first, second] = inputs.images as [VersionInputs['images'][number], VersionInputs['images'][number]];
  const marked = (keypoints: MarkedKeypoints) =>
    versionId({ ...inputs, keypoints: names, images: [{ ...first, keypoints }, second] });
  const ids = [
    versionId(inputs),
    marked([{ x: 1, y: 2 }, null]),
    marked([null, { x: 1, y: 2 }]),
    marked([{ x: 1.5, y: 2 }, null]),
    marked([{ x: 1, y: 2, occluded: true }, null]),
    versionId({ ...inputs, keypoints: ['nose', 'jaw'], images: [{ ...first, keypoints: [{ x: 1, y: 2 }, null] }, second] }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('images that do not fit the memory do not count', () => {
  const few = { ...inputs, trainMemory: 4 * 100 * 64 };
  const plan = planVersion(few);
  expect(plan.chosen).toEqual([0]);
  expect(plan.pixelsPerImage).toBe(64);
  expect(versionId({ ...few, images: inputs.images.slice(0, 1) })).toBe(plan.id);
});

test('an annotation is its size and its pixels; slips are no class', () => {
  const data = new Uint8Array(64 * 32);
  const first = summariseAnnotation({ width: 64, height: 32, data }, 3);
  expect(first.classes).toEqual([0]);
  expect(summariseAnnotation({ width: 32, height: 64, data }, 3).sha256).not.toBe(first.sha256);
  const edited = data.slice();
  edited.fill(2, 0, 3);
  expect(summariseAnnotation({ width: 64, height: 32, data: edited }, 3)).toMatchObject({ classes: [0] });
  expect(summariseAnnotation({ width: 64, height: 32, data: edited }, 3).sha256).not.toBe(first.sha256);
  edited.fill(2, 0, 4);
  expect(summariseAnnotation({ width: 64, height: 32, data: edited }, 3).classes).toEqual([0, 2]);
});

test('boxes are in the id of versions that learn from them alone, and bring their labels', () => {
  const map = { width: 64, height: 32, data: new Uint8Array(2048).fill(255) };
  map.data.fill(0, 0, 100);
  const boxes = [{ label: 2, left: 0, top: 5, right: 64, bottom: 32 }];
  const summary = summariseAnnotation(map, 3, boxes);
  expect(summary).toEqual({ sha256: summariseAnnotation(map, 3).sha256, classes: [0, 2], boxes });
  expect(summariseAnnotation(map, 3)).not.toHaveProperty('boxes');
  const [first, ...others] = inputs.images;
  const withBoxes = (own: typeof boxes) =>
    planVersion({ ...inputs, images: [{ ...first!, annotation: { ...first!.annotation, boxes: own } }, ...others] }).id;
  expect(withBoxes(boxes)).not.toBe(planVersion(inputs).id);
  expect(withBoxes([{ ...boxes[0]!, left: 1 }])).not.toBe(withBoxes(boxes));
  expect(annotationText(summary)).not.toBe(annotationText(summariseAnnotation(map, 3)));
});

test('strokes have a recipe of their own, which is in the id of versions that learn from them alone', () => {
  const full = summariseAnnotation({ width: 64, height: 32, data: new Uint8Array(2048) }, 3);
  expect(full).not.toHaveProperty('sparse');
  const few = new Uint8Array(2048).fill(255);
  expect(summariseAnnotation({ width: 64, height: 32, data: few }, 3)).not.toHaveProperty('sparse');
  few.fill(1, 0, 1023);
  expect(summariseAnnotation({ width: 64, height: 32, data: few }, 3)).toMatchObject({ classes: [1], sparse: true });
  const annotated = (sparse: boolean) => ({
    ...inputs,
    images: inputs.images.map((one) => ({
      ...one,
      annotation: { ...one.annotation, ...(sparse ? { sparse: true as const } : {}) },
    })),
  });
  expect(planVersion(annotated(false)).id).toBe(planVersion(inputs).id);
  expect(planVersion(annotated(true)).id).not.toBe(planVersion(inputs).id);
});
