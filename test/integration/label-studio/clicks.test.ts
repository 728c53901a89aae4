import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BASIS_FILE } from '../../../src/interpreter/features/basis-file.ts';
import { parseLabelConfig } from '../../../src/label-studio/label-config/parse-label-config.ts';
import type { PredictRequest } from '../../../src/label-studio/requests/predict-request.ts';
import { updateProject } from '../../../src/store/projects.ts';
import { decodePrediction } from '../../support/annotator.ts';
import { DatasetFactory } from '../../support/dataset-factory.ts';

let factory: DatasetFactory;
beforeAll(async () => {
  factory = await DatasetFactory.open();
});
afterAll(() => factory?.remove());

/** The bright half of the tiny generator's picture, and one pixel of it as the editor's prompt. */
async function picture(seed: number) {
  const { card } = await factory.product.generators.find('tiny');
  const image = { generator: card.id, seed, class: null, psi: 1, cutoff: null };
  return { image, side: card.labelSize.width };
}
async function ask(seed: number, more: Partial<PredictRequest>): Promise<unknown> {
  const { image } = await picture(seed);
  const project = await factory.project();
  const [answer] = await factory.backend.labelStudio.predict({
    tasks: [{ id: 1, data: {}, meta: { datasetgan: image } }],
    project: `${project.ls_id}.${project.created_at_unix}`,
    labelConfig: null,
    context: null,
    deadline: Date.now() + 60_000,
    ...more,
  });
  return answer;
}
const clicks = (...points: readonly (readonly [x: number, y: number, positive: boolean])[]) => ({
  result: points.map(([x, y, is_positive], i) => ({
    id: `c${i}`,
    type: 'keypointlabels',
    to_name: 'image',
    is_positive,
    value: { x, y, width: 1, keypointlabels: ['bright'] },
  })),
});

test('a click is answered with one region of its label, with a version and without', async () => {
  const project = await factory.project();
  const version = project.current_version!;
  const config = parseLabelConfig(project.label_config);
  const { side } = await picture(3);
  for (const current of [version, null]) {
    await updateProject(factory.product.store.db, project.key, { current_version: current });
    const answer = await ask(3, { context: clicks([50, 50, true]) });
    expect(answer).toMatchObject({
      model_version: current ?? '',
      score: expect.any(Number),
      result: [{ id: 'click-c0.1', from_name: 'parts', to_name: 'image', type: 'brushlabels', original_width: side }],
    });
    const { data } = decodePrediction(config, (answer as { result: unknown }).result, side);
    expect(data[(side / 2) * side + side / 2]).toBe(1);
    expect(data).toContain(0);
  }
  await updateProject(factory.product.store.db, project.key, { current_version: version });
});

test('a negative click takes its pixel out of the region', async () => {
  const { side } = await picture(4);
  const config = parseLabelConfig((await factory.project()).label_config);
  const answer = await ask(4, { context: clicks([50, 50, true], [60, 50, false]) });
  const { data } = decodePrediction(config, (answer as { result: unknown }).result, side);
  expect(data[(side / 2) * side + side / 2]).toBe(1);
  expect(data[(side / 2) * side + Math.floor(0.6 * side)]).toBe(0);
});

test('a generator without a basis, as an earlier release imported it, learns one first, in the lane of what nobody waits for', async () => {
  const { folder, spareFolder } = await factory.product.generators.find('tiny');
  expect(dirname(spareFolder!)).toBe(factory.product.folder.besideGenerators);
  await rm(join(folder, BASIS_FILE));
  const run = vi.spyOn(factory.product.engine, 'run');
  expect(await ask(6, { context: clicks([50, 50, true]) })).toMatchObject({ result: [{ type: 'brushlabels' }] });
  expect(run.mock.calls.map(([task, , { lane }]) => [task.name, lane])).toEqual([
    ['ensureBasis', 'batch'],
    ['promptedRegion', 'interactive'],
  ]);
  run.mockRestore();
});

test('a prompt without an answer is answered by an object, and the log says why', async () => {
  const warn = vi.spyOn(factory.product.log, 'warn');
  const nothing = { result: [], score: 0, model_version: expect.any(String) };
  const tail = { result: [{ ...clicks([1, 1, true]).result[0], value: { x: 1, y: 1, keypointlabels: ['tail'] } }] };
  const cases: readonly (readonly [Partial<PredictRequest>, RegExp])[] = [
    [{ context: { result: 7 } }, /no regions/],
    [{ context: { annotation_id: 3 } }, /no regions/],
    [{ context: tail }, /'tail' is not one of a mask control/],
    [{ context: clicks([1, 1, false]) }, /negative/],
    [{ context: clicks([1, 1, true]), project: '9999.1' }, /not connected/],
    [{ context: clicks([1, 1, true]), tasks: [{ id: 1, data: {}, meta: null }] }, /not one of the project's/],
    [{ context: clicks([1, 1, true]), labelConfig: '<View/>' }, /no Image/],
  ];
  for (const [request, reason] of cases) {
    warn.mockClear();
    expect(await ask(5, request)).toEqual(nothing);
    const said = warn.mock.calls.map(([fields]) => (fields as { reason?: string }).reason);
    expect(said).toEqual([expect.stringMatching(reason)]);
  }
  // The editor's first words on a task.
  warn.mockClear();
  expect(await ask(5, { context: { result: [] } })).toEqual(nothing);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
