import { describe, expect, it } from 'vitest';
import type { UnpaintedRules } from '../../../src/label-studio/annotations/counting-annotation.ts';
import { decodeAnnotatedTasks } from '../../../src/label-studio/annotations/decode-annotated-tasks.ts';
import type { KnownPrediction } from '../../../src/label-studio/annotations/known-prediction.ts';
import { metaOf } from '../../../src/label-studio/annotations/task-meta.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { regionsOfPrediction } from '../../../src/label-studio/regions/regions-of-prediction.ts';
import { asText, drawn } from '../masks/shapes.ts';

const view = (controls: string) => parseLabelConfig(`<View><Image name="image" value="$image"/>${controls}</View>`);
const points = '<KeyPointLabels name="points" toName="image"><Label value="eye"/><Label value="nose"/></KeyPointLabels>';
const alone = view(points);
const mixed = view(`<BrushLabels name="parts" toName="image"><Label value="face"/></BrushLabels>${points}`);
const sparse = view(
  `<BrushLabels name="parts" toName="image"><Label value="Background"/><Label value="face"/></BrushLabels>${points}`,
);

const VERSION = 'dg-0123456789ab';
const NOTHING = drawn('....', '....');
const UNKNOWN = ['????', '????'];
const eye = { keypoint: 0, x: 1, y: 1, score: 0.9, spread: 0 };
const nose = { keypoint: 1, x: 3.5, y: 0.5, score: 0.8, spread: 0 };
const predicted = (map = NOTHING, keypoints = [eye, nose], config = mixed) =>
  regionsOfPrediction(config, map, keypoints, { version: VERSION });
/** As it is, but by hand: the ids name no version. */
const byHand = (regions: readonly object[]) => regions.map((region, i) => ({ ...region, id: `hand${i}` }));
const pointsOf = (regions: ReturnType<typeof predicted>) => regions.filter(({ type }) => type === 'keypointlabels');
const moved = (regions: ReturnType<typeof predicted>, pixels: number) =>
  regions.map((region) =>
    'x' in region.value ? { ...region, value: { ...region.value, x: region.value.x + (100 * pixels) / 4 } } : region,
  );

const plain: UnpaintedRules = { unpainted: 'background', empty: 'ignore' };

interface Told {
  readonly config?: typeof mixed;
  readonly known?: readonly KnownPrediction[];
  readonly rules?: UnpaintedRules;
}

async function decode(result: unknown, more: object = {}, { config = mixed, known = [], rules = plain }: Told = {}) {
  const picture = { generator: 'g1', seed: 5, class: null, psi: 1, cutoff: null };
  const annotation = { id: 9, result, updated_at: '2026-11-24T10:00:00Z', lead_time: 3, ...more };
  const [task] = await decodeAnnotatedTasks([{ id: 1, meta: metaOf(picture), annotations: [annotation] }], config, {
    sizeOf: () => ({ width: 4, height: 2 }),
    rules,
    predictions: new Map([[1, known]]),
  });
  const { counted, machineMade, notes, rejected } = task!;
  return {
    drawing: counted === null ? null : asText(counted.labelMap),
    keypoints: counted?.keypoints,
    machineMade,
    notes,
    rejected,
  };
}

describe('what an annotation says about keypoints and masks', () => {
  it('points alone say nothing about masks, whatever an empty annotation means', async () => {
    for (const config of [alone, mixed, sparse])
      for (const rules of [plain, { unpainted: 'background', empty: 'background' }] as const)
        expect(await decode(byHand(pointsOf(predicted(NOTHING, [nose], config))), {}, { config, rules })).toMatchObject({
          drawing: UNKNOWN,
          keypoints: [null, { x: 3.5, y: 0.5 }],
          notes: [],
        });
  });

  it('masks alone say nothing about points', async () => {
    const painted = byHand(predicted(drawn('.11.', '....'), []));
    expect(await decode(painted)).toMatchObject({ drawing: ['.11.', '....'], keypoints: null });
  });

  it('both say both', async () => {
    const painted = byHand(predicted(drawn('.11.', '....')));
    expect(await decode(painted)).toMatchObject({
      drawing: ['.11.', '....'],
      keypoints: [
        { x: 1, y: 1 },
        { x: 3.5, y: 0.5 },
      ],
    });
  });

  it('nothing is ignored; with keypoints alone nobody is told about backgrounds', async () => {
    expect(await decode([], {}, { config: alone })).toMatchObject({
      keypoints: undefined,
      notes: ['task 1: ignored because it was submitted empty'],
    });
    expect((await decode([])).notes).toEqual([expect.stringContaining('"empty": "background"')]);
    const rules = { ...plain, empty: 'background' } as const;
    expect((await decode([], {}, { config: alone, rules })).drawing).toBeNull();
    expect(await decode([], {}, { rules })).toMatchObject({ drawing: ['....', '....'], keypoints: null });
  });

  it('a point that is lost leaves the masks', async () => {
    const lost = { ...predicted()[0]!, id: 'far', original_width: 99 };
    const painted = byHand(predicted(drawn('.11.', '....'), []));
    expect(await decode([...painted, lost])).toMatchObject({ drawing: ['.11.', '....'], keypoints: null });
    expect(await decode([lost])).toMatchObject({ drawing: null, rejected: [expect.stringContaining('99x2')] });
  });

  it('duplicates are told of by task', async () => {
    const twice = byHand([...predicted(NOTHING, [eye]), ...predicted(NOTHING, [nose, { ...eye, x: 2 }])]);
    expect(await decode(twice)).toMatchObject({
      keypoints: [
        { x: 2, y: 1 },
        { x: 3.5, y: 0.5 },
      ],
      notes: ["task 1: 'eye' has 2 points; the last one counts"],
    });
  });
});

describe('what was deleted from a prediction', () => {
  const row = (shows: readonly object[]): Told => ({ known: [{ id: 7, version: VERSION, shows }] });
  const parent = { parent_prediction: 7 };

  it('all points: all are absent, and the masks stay', async () => {
    const full = predicted(drawn('.11.', '....'));
    const masks = full.filter(({ type }) => type === 'brushlabels');
    expect(await decode(masks, parent, row(full))).toMatchObject({ drawing: ['.11.', '....'], keypoints: [null, null] });
    // The row is gone; the ids of the masks that stayed name the version.
    const again = { known: [{ id: null, version: VERSION, shows: drawn('.11.', '....'), keypoints: [eye] }] };
    expect((await decode(masks, {}, again)).keypoints).toEqual([null, null]);
    expect((await decode([], parent, { ...row(predicted(NOTHING, [eye], alone)), config: alone })).keypoints).toEqual([
      null,
      null,
    ]);
  });

  it('nothing: where the prediction had no points, none is absent', async () => {
    const masks = predicted(drawn('.11.', '....'), []);
    expect((await decode(masks, parent, row(masks))).keypoints).toBeNull();
    expect(await decode([], parent, { ...row([]), config: alone })).toMatchObject({ drawing: null, machineMade: 0 });
  });

  it('all masks: the picture is all background, where the points do not stand alone', async () => {
    expect(await decode(predicted(), parent, row(predicted(drawn('.11.', '....'))))).toMatchObject({ drawing: ['....', '....'] });
    // A prediction with points alone says nothing about masks, and neither does its correction.
    expect((await decode(moved(predicted(), 0.5), parent, row(predicted()))).drawing).toEqual(UNKNOWN);
  });
});

describe('machine-made', () => {
  const untouched = { lead_time: null };
  const told = (map = drawn('.11.', '....')): Told => ({ known: [{ id: 7, version: VERSION, shows: predicted(map) }] });

  it('is a prediction that nobody touched, its points too', async () => {
    const full = predicted(drawn('.11.', '....'));
    expect(await decode(full, untouched, told())).toMatchObject({ machineMade: 1, drawing: null });
    expect((await decode(moved(full, 0.001), untouched, told())).machineMade).toBe(1);
    const known = [{ id: null, version: VERSION, shows: drawn('.11.', '....'), keypoints: [eye, nose] }];
    expect((await decode(full, untouched, { known })).machineMade).toBe(1);
    const points = predicted(NOTHING, [eye], alone);
    expect(
      (await decode(points, untouched, { config: alone, known: [{ id: 7, version: VERSION, shows: points }] })).machineMade,
    ).toBe(1);
  });

  it('is none where a point was moved, deleted or added', async () => {
    const full = predicted(drawn('.11.', '....'));
    for (const changed of [moved(full, 0.5), full.slice(0, -1), predicted(drawn('.11.', '....'), [])])
      expect(await decode(changed, untouched, told())).toMatchObject({ machineMade: 0, drawing: ['.11.', '....'] });
    const masks: Told = { known: [{ id: 7, version: VERSION, shows: predicted(drawn('.11.', '....'), []) }] };
    expect((await decode(full, untouched, masks)).machineMade).toBe(0);
  });
});
