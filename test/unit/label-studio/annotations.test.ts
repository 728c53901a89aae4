import { describe, expect, it } from 'vitest';
import type { UnpaintedRules } from '../../../src/label-studio/annotations/counting-annotation.ts';
import { decodeAnnotatedTasks } from '../../../src/label-studio/annotations/decode-annotated-tasks.ts';
import type { KnownPrediction } from '../../../src/label-studio/annotations/known-prediction.ts';
import { metaOf, parseTaskMeta } from '../../../src/label-studio/annotations/task-meta.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import { regionsOfLabelMap } from '../../../src/label-studio/regions/regions-of-label-map.ts';
import { asText, drawn } from '../masks/shapes.ts';

const sizeOf = ({ meta }: { readonly meta: unknown }) => (parseTaskMeta(meta) === null ? undefined : { width: 4, height: 2 });

const configOf = (...labels: string[]) =>
  parseLabelConfig(
    `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image">${labels.map((l) => `<Label value="${l}"/>`).join('')}</BrushLabels></View>`,
  );
const dense = configOf('face', 'hair');
const sparse = configOf('Background', 'face', 'hair');
const picture = { generator: 'g1', seed: 5, class: null, psi: 1, cutoff: null };

/** A result whose regions are those of the drawing, drawn by a human (no version in the ids). */
const painted = (...rows: string[]) => regionsOfLabelMap(dense, drawn(...rows), { version: 'human' });
const predicted = (version: string, ...rows: string[]) => regionsOfLabelMap(dense, drawn(...rows), { version });

/** Unpainted is background, unless a test is about that. */
const plain: UnpaintedRules = { unpainted: 'background', empty: 'ignore' };

let nextId = 1;
function annotation(result: unknown, more: object = {}) {
  const id = nextId++;
  return {
    id,
    result,
    updated_at: `2026-11-24T10:00:${String(id % 60).padStart(2, '0')}.000000Z`,
    was_cancelled: false,
    lead_time: 12.5,
    ground_truth: false,
    ...more,
  };
}
const at = (second: number) => ({ updated_at: `2026-11-24T12:00:${String(second).padStart(2, '0')}.000000Z` });

async function decode(
  annotations: unknown[],
  {
    config = dense,
    task = {},
    known,
    rules = plain,
  }: { config?: typeof dense; task?: object; known?: KnownPrediction[]; rules?: UnpaintedRules } = {},
) {
  const [decoded] = await decodeAnnotatedTasks([{ id: 1, data: {}, meta: metaOf(picture), annotations, ...task }], config, {
    sizeOf,
    rules,
    ...(known === undefined ? {} : { predictions: new Map([[1, known]]) }),
  });
  return { ...decoded!, drawing: decoded!.counted === null ? null : asText(decoded!.counted.labelMap) };
}

describe('which annotation counts', () => {
  it('the one updated last, in whatever order and however old', async () => {
    const older = annotation(painted('1...', '....'), at(1));
    const newer = annotation(painted('2...', '....'), at(2));
    for (const annotations of [
      [older, newer],
      [newer, older],
    ]) {
      expect(await decode(annotations)).toMatchObject({
        taskId: 1,
        meta: picture,
        counted: { annotationId: newer.id, updatedAt: newer.updated_at, painted: null },
        machineMade: 0,
        skipped: 0,
        rejected: [],
        notes: [],
        drawing: ['2...', '....'],
      });
    }
  });

  it('compares times of different offsets and precision', async () => {
    const older = annotation(painted('1...', '....'), { updated_at: '2026-11-24T13:30:00+02:00' });
    const newer = annotation(painted('2...', '....'), { updated_at: '2026-11-24T11:30:00.250000Z' });
    expect((await decode([newer, older])).counted?.annotationId).toBe(newer.id);
  });

  it('a skip removes only itself', async () => {
    const kept = annotation(painted('1...', '....'), at(1));
    const skip = annotation(painted('2222', '2222'), { ...at(2), was_cancelled: true });
    expect(await decode([kept, skip])).toMatchObject({ counted: { annotationId: kept.id }, skipped: 1 });
    expect(await decode([skip])).toMatchObject({ counted: null, skipped: 1, rejected: [] });
  });

  it('one that cannot be read gives way to the one before, and says why', async () => {
    const kept = annotation(painted('1...', '....'), at(1));
    const broken = annotation([{ ...painted('2...', '....')[0], original_width: 512, original_height: 512 }], at(2));
    const decoded = await decode([kept, broken]);
    expect(decoded.counted?.annotationId).toBe(kept.id);
    expect(decoded.rejected).toEqual([
      `task 1, annotation ${broken.id}: region human.2 is ignored: It was drawn on a picture of 512x512 pixels, but this one has 4x2.`,
    ]);
    expect((await decode([annotation(painted('1...', '....'), at(3)), broken])).rejected).toEqual([]);
  });

  it('ground truth counts like any other', async () => {
    expect((await decode([annotation(painted('1...', '....'), { ground_truth: true })])).counted).not.toBeNull();
  });

  it('an empty one is passed over, and the one before counts; it is said', async () => {
    const kept = annotation(painted('1...', '....'), at(1));
    for (const config of [dense, sparse]) {
      const decoded = await decode([kept, annotation([], at(2))], { config });
      expect(decoded.counted?.annotationId).toBe(kept.id);
      expect(decoded.notes).toEqual([
        'task 1: ignored because it was submitted empty; if it is all background, add "empty": "background" to the extra parameters of the connection',
      ]);
    }
    expect((await decode([annotation([])])).counted).toBeNull();
  });

  it('an empty one is all background where the project says so', async () => {
    const rules = { ...plain, empty: 'background' } as const;
    for (const config of [dense, sparse]) {
      const decoded = await decode([annotation(painted('1...', '....'), at(1)), annotation([], at(2))], { config, rules });
      expect(decoded).toMatchObject({ drawing: ['....', '....'], notes: [] });
    }
  });

  it('an empty one is all background where somebody deleted what a prediction had shown', async () => {
    const emptied = annotation([], { parent_prediction: 77 });
    const row = (result: unknown) => ({ task: { predictions: [{ id: 77, model_version: 'dg-0', result }] } });
    expect((await decode([emptied], row(predicted('dg-0', '.11.', '....')))).drawing).toEqual(['....', '....']);
    // Nobody chose anything where nothing was shown.
    expect((await decode([emptied], row([]))).counted).toBeNull();
  });

  it('one of which nothing can be read is rejected, never background', async () => {
    const rules = { ...plain, empty: 'background' } as const;
    const broken = annotation([{ ...painted('2...', '....')[0], original_width: 512, original_height: 512 }]);
    expect(await decode([broken], { rules })).toMatchObject({ counted: null, rejected: [expect.stringContaining('512x512')] });
  });

  it('drafts and tasks without annotations give nothing', async () => {
    expect((await decode([], { task: { drafts: [{ id: 1, result: painted('1...', '....') }] } })).counted).toBeNull();
    expect((await decode([], { task: { annotations: null } })).counted).toBeNull();
  });
});

describe('unpainted pixels', () => {
  const auto = { ...plain, unpainted: 'auto' } as const;

  it('are background where painted labels meet, or somebody corrected a prediction', async () => {
    expect((await decode([annotation(painted('1122', '1122'))], { rules: auto })).drawing).toEqual(['1122', '1122']);
    expect((await decode([annotation(painted('.12.', '.12.'))], { rules: auto })).drawing).toEqual(['.12.', '.12.']);
    const [hair] = painted('2...', '....');
    const [face] = predicted('dg-0123456789ab', '....', '...1');
    const known = [{ id: 77, version: 'dg-0123456789ab', shows: drawn('....', '...1') }];
    expect((await decode([annotation([face, hair], { parent_prediction: 77 })], { known, rules: auto })).drawing).toEqual([
      '2...',
      '...1',
    ]);
  });

  it('wait for a look at the picture where a label stands alone, or the project says that they are unknown', async () => {
    const alone = await decode([annotation(painted('1...', '....'))], { rules: auto });
    expect(alone).toMatchObject({ drawing: ['1???', '????'] });
    expect([...alone.counted!.painted!.unpainted]).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    const meeting = annotation(painted('1122', '1122'));
    expect((await decode([meeting], { rules: { ...plain, unpainted: 'unknown' } })).counted?.painted).not.toBeNull();
    expect((await decode([meeting], { config: sparse, rules: { ...plain, unpainted: 'background' } })).drawing).toEqual([
      '1122',
      '1122',
    ]);
  });
});

describe('boxes', () => {
  const boxed = parseLabelConfig(
    `<View><Image name="image" value="$image"/><BrushLabels name="parts" toName="image"><Label value="face"/><Label value="hair"/></BrushLabels>
     <RectangleLabels name="boxes" toName="image"><Label value="face"/><Label value="hair"/></RectangleLabels></View>`,
  );
  const box = (value: object) => ({
    id: 'box',
    type: 'rectanglelabels',
    from_name: 'boxes',
    to_name: 'image',
    original_width: 4,
    original_height: 2,
    value: { x: 0, y: 0, width: 50, height: 100, rectanglelabels: ['face'], ...value },
  });

  it('leave what is in them unknown, but for what is painted, and make the rest background, whatever the rules', async () => {
    for (const unpainted of ['auto', 'unknown', 'background'] as const) {
      const rules = { ...plain, unpainted };
      expect(await decode([annotation([box({})])], { config: boxed, rules })).toMatchObject({
        drawing: ['??..', '??..'],
        counted: { painted: null, boxes: [{ label: 1, left: 0, top: 0, right: 2, bottom: 2 }] },
        notes: [],
      });
      const both = annotation([box({}), ...painted('1..2', '....')]);
      expect((await decode([both], { config: boxed, rules })).drawing).toEqual(['1?.2', '??..']);
    }
  });

  it('say nothing of the outside where one of them was lost', async () => {
    const decoded = await decode([annotation([box({}), box({ width: null })])], { config: boxed });
    expect(decoded).toMatchObject({
      drawing: ['????', '????'],
      notes: ['task 1: region box is ignored: The region box has no size.'],
    });
    expect(decoded.counted?.boxes).toHaveLength(1);
    const none = await decode([annotation([box({ width: null })])], { config: boxed });
    expect(none.counted).toBeNull();
    expect(none.rejected).toEqual([expect.stringContaining('region box is ignored')]);
  });

  it('are drawn by people, lead time or not, and are no annotation where the config has no such control', async () => {
    const imported = annotation([box({})], { lead_time: null });
    const known = [{ id: null, version: 'dg-0123456789ab', shows: drawn('....', '....') }];
    expect((await decode([imported], { config: boxed, known })).counted).not.toBeNull();
    expect((await decode([annotation([box({})])])).counted).toBeNull();
  });
});

describe('machine-made annotations', () => {
  const version = 'dg-0123456789ab';
  const copy = predicted(version, '.11.', '....');
  const row = { id: 77, model_version: version, result: copy };
  const machine = () => annotation(copy, { ...at(9), lead_time: null, parent_prediction: 77, ground_truth: true });

  it('equal a prediction of ours and have no lead time: counted apart, never trained on', async () => {
    const human = annotation(painted('2...', '....'), at(1));
    const byUs = { known: [{ id: null, version, shows: drawn('.11.', '....') }] };
    for (const source of [byUs, { known: [{ id: 77, version, shows: copy }] }, { task: { predictions: [row] } }]) {
      expect(await decode([human, machine(), machine()], source)).toMatchObject({
        counted: { annotationId: human.id },
        machineMade: 2,
      });
      expect(await decode([machine()], source)).toMatchObject({ counted: null, machineMade: 1 });
    }
  });

  it('count once a human has submitted or changed them', async () => {
    const known = [{ id: 77, version, shows: drawn('.11.', '....') }];
    expect(await decode([annotation(copy, { lead_time: 3.2, parent_prediction: 77 })], { known })).toMatchObject({
      drawing: ['.11.', '....'],
      machineMade: 0,
    });
    expect(await decode([annotation(painted('.1..', '....'), { lead_time: null })], { known })).toMatchObject({
      drawing: ['.1..', '....'],
      machineMade: 0,
    });
  });

  it('are not suspected without a prediction, nor by a prediction that cannot be read', async () => {
    expect(await decode([machine()])).toMatchObject({ drawing: ['.11.', '....'], machineMade: 0 });
    const unreadable = { id: 1, version: null, shows: [{ ...copy[0], original_width: 9, original_height: 9 }] };
    expect(await decode([annotation(copy, { lead_time: null })], { known: [unreadable] })).toMatchObject({
      machineMade: 0,
      rejected: [],
    });
    expect(
      await decode([annotation(copy, { lead_time: null })], { known: [unreadable, { id: 2, version, shows: copy }] }),
    ).toMatchObject({ machineMade: 1 });
  });
});

describe('corrections of a prediction', () => {
  const version = 'dg-0123456789ab';
  const face = drawn('.111', '.111');
  const [faceRegion] = predicted(version, '.111', '.111');
  const [hairRegion] = painted('..22', '....');
  const corrected = ['.122', '.111'];

  it('know the prediction by its row', async () => {
    const hairFirst = [{ ...hairRegion }, { ...faceRegion, id: 'renamed' }];
    const submitted = annotation(hairFirst, { parent_prediction: 77 });
    expect((await decode([submitted])).drawing).toEqual(['.111', '.111']);
    expect((await decode([submitted], { known: [{ id: 77, version, shows: face }] })).drawing).toEqual(corrected);
    expect(
      (await decode([submitted], { task: { predictions: [76, { id: 77, model_version: version, result: [faceRegion] }] } }))
        .drawing,
    ).toEqual(corrected);
    expect(
      (await decode([{ ...submitted, prediction: { id: 77, model_version: version, result: [faceRegion] } }])).drawing,
    ).toEqual(corrected);
  });

  it('know it by the version in the ids of its regions when the row is gone', async () => {
    const submitted = annotation([hairRegion, faceRegion], { parent_prediction: null });
    const other = { id: null, version: 'dg-ffffffffffff', shows: drawn('....', '....') };
    expect((await decode([submitted], { known: [other, { id: null, version, shows: face }] })).drawing).toEqual(corrected);
    expect((await decode([submitted], { known: [other] })).drawing).toEqual(['.111', '.111']);
  });
});

describe('decodeAnnotatedTasks', () => {
  it('gives one result per task in order, and leaves tasks of others alone', async () => {
    const seen: number[] = [];
    const decoded = await decodeAnnotatedTasks(
      [
        { id: 10, meta: null, annotations: [annotation('not even a list')] },
        { id: 11, meta: metaOf({ ...picture, seed: 6 }), annotations: [annotation(painted('1...', '....'))], predictions: [3] },
        'what',
        { id: 12, meta: metaOf(picture), annotations: [{ id: 'x' }, annotation('no list'), 7] },
      ],
      dense,
      { sizeOf, rules: plain, onTask: (done) => void seen.push(done) },
    );
    expect(decoded.map(({ taskId, meta, counted }) => [taskId, meta?.seed, counted !== null])).toEqual([
      [10, undefined, false],
      [11, 6, true],
      [-1, undefined, false],
      [12, 5, false],
    ]);
    expect(decoded[3]!.rejected).toEqual([
      'task 12: one of its annotations cannot be read (id)',
      'task 12: one of its annotations cannot be read ()',
      expect.stringMatching(/^task 12, annotation \d+: The result of the annotation is not a list of regions\.$/),
    ]);
    expect(decoded[0]!.rejected).toEqual([]);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('stops when told so between tasks', async () => {
    const stop = () => Promise.reject(new Error('stop'));
    await expect(decodeAnnotatedTasks([{ id: 1 }], dense, { sizeOf, rules: plain, onTask: stop })).rejects.toThrow('stop');
  });
});

describe('task meta', () => {
  it('comes back as it was written', () => {
    for (const meta of [picture, { ...picture, class: 3, psi: 0.7, cutoff: 4, dataset: 'ds1', version: 'dg-0' }]) {
      expect(parseTaskMeta(JSON.parse(JSON.stringify(metaOf(meta))))).toEqual(meta);
    }
  });

  it('is null for tasks of others and for broken ones', () => {
    const bad = [
      null,
      'x',
      {},
      { datasetgan: null },
      metaOf({ ...picture, seed: -1 }),
      metaOf({ ...picture, seed: 2 ** 32 }),
      metaOf({ ...picture, generator: '' }),
    ];
    for (const meta of bad) expect(parseTaskMeta(meta)).toBeNull();
    expect(parseTaskMeta({ datasetgan: { generator: 'g', seed: 1, psi: 1 }, other: 1 })).toEqual({
      generator: 'g',
      seed: 1,
      class: null,
      psi: 1,
      cutoff: null,
    });
  });
});
