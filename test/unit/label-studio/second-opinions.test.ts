import { describe, expect, test } from 'vitest';
import { decodeAnnotatedTasks } from '../../../src/label-studio/annotations/decode-annotated-tasks.ts';
import { metaOf } from '../../../src/label-studio/annotations/task-meta.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { regionsOfLabelMap } from '../../../src/label-studio/regions/regions-of-label-map.ts';
import { drawn } from '../masks/shapes.ts';

const control = (tag: string, name: string, ...labels: string[]) =>
  `<${tag} name="${name}" toName="image">${labels.map((label) => `<Label value="${label}"/>`).join('')}</${tag}>`;
const config = parseLabelConfig(
  `<View><Image name="image" value="$image"/>${control('BrushLabels', 'parts', 'face', 'hair')}${control('KeyPointLabels', 'points', 'eye', 'nose')}</View>`,
);
const picture = { generator: 'g1', seed: 5, class: null, psi: 1, cutoff: null };
const [WIDTH, HEIGHT] = [4, 2];

const painted = (...rows: string[]) => regionsOfLabelMap(config, drawn(...rows), { version: 'human' });
const point = (label: string, x: number, y: number) => ({
  id: `${label}-${x}`,
  type: 'keypointlabels',
  from_name: 'points',
  to_name: 'image',
  original_width: WIDTH,
  original_height: HEIGHT,
  image_rotation: 0,
  value: { x: (100 * x) / WIDTH, y: (100 * y) / HEIGHT, width: 1, keypointlabels: [label] },
});

/** Ids tell the time, too. */
const annotation = (id: number, user: unknown, result: unknown, more: object = {}) => ({
  id,
  completed_by: user,
  updated_at: `2026-11-24T10:00:${String(id).padStart(2, '0')}.000000Z`,
  lead_time: 9,
  result,
  ...more,
});

async function opinionsOf(...annotations: object[]) {
  const rules = { unpainted: 'background', empty: 'ignore' } as const;
  const task = { id: 1, data: {}, meta: metaOf(picture), annotations };
  const [decoded] = await decodeAnnotatedTasks([task], config, { sizeOf: () => ({ width: WIDTH, height: HEIGHT }), rules });
  return decoded!.opinions;
}

describe('what other users drew', () => {
  test('is compared with the annotation that counts: what is painted by label, and the distance of points', async () => {
    const counted = [...painted('11..', '22..'), point('eye', 1, 1), point('nose', 3, 1)];
    const other = [...painted('1...', '222.'), point('eye', 2.5, 1)];
    const [opinion, ...more] = await opinionsOf(annotation(2, 7, counted), annotation(1, 8, other));
    expect(more).toEqual([]);
    expect(opinion).toMatchObject({ counted: { annotation: 2, user: 7 }, other: { annotation: 1, user: 8 } });
    expect(opinion!.iou).toEqual({ face: 1 / 2, hair: 2 / 3 });
    expect(Object.keys(opinion!.distances)).toEqual(['eye']);
    expect(opinion!.distances.eye).toBeCloseTo(1.5, 6);
  });

  test('is the last annotation of each user; the same user again, and skips, say nothing', async () => {
    const result = painted('1...', '....');
    const opinions = await opinionsOf(
      annotation(9, 7, result),
      annotation(8, 7, painted('2222', '2222')),
      annotation(7, 8, result, { was_cancelled: true }),
      annotation(6, 8, painted('11..', '....')),
      annotation(5, 8, painted('2222', '2222')),
      annotation(4, 9, painted('22..', '....')),
      annotation(3, null, result),
      annotation(2, { id: 5 }, result),
    );
    expect(opinions.map(({ other, iou }) => [other.annotation, other.user, iou])).toEqual([
      [6, 8, { face: 0.5 }],
      [4, 9, { face: 0, hair: 0 }],
    ]);
  });

  test('without anything drawn is none, and one that cannot be read neither', async () => {
    const counted = annotation(3, 7, painted('1...', '....'));
    expect(await opinionsOf(counted, annotation(2, 8, []), annotation(1, 9, 'broken'))).toEqual([]);
    expect(await opinionsOf(annotation(2, null, painted('1...', '....')), annotation(1, 8, painted('1...', '....')))).toEqual([]);
  });
});
