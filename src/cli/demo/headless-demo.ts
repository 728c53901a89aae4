import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetGanError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import type { Settings } from '../../settings.ts';
import { formatSeconds } from '../format-seconds.ts';
import type { Progress } from '../progress.ts';
import { DEMO_TASKS, type DemoOptions } from './demo-options.ts';
import { DemoRecordFile, type DemoStep } from './demo-record.ts';
import { headlessDataset } from './headless-dataset.ts';
import { HeadlessStage } from './headless-stage.ts';
import { HELD_OUT_SEEDS, meanIou } from './held-out-seeds.ts';
import { stepsTable } from './steps-table.ts';
import { type SheetRow, writeContactSheet } from './write-contact-sheet.ts';
import { imageFile, maskFile, writePairTask } from './write-pair.ts';

const SHEET_ROWS = 6;

export interface HeadlessDemo {
  readonly options: DemoOptions;
  readonly settings: Settings;
  /** Everything is written into it. */
  readonly folder: string;
  /** Why without Label Studio, and what to do about it. */
  readonly reason: DatasetGanError;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The same loop without Label Studio: into a folder, with a contact sheet to look at. Goes on from what an earlier run has left. */
export async function headlessDemo(demo: HeadlessDemo): Promise<void> {
  const { options, settings, folder, reason, progress, signal } = demo;
  progress.say(`  Without Label Studio, into ${folder}. ${reason.message}`);
  await makeFolders(folder);
  const record = await DemoRecordFile.open(join(folder, 'demo.json'));
  const stage = await HeadlessStage.open(settings, folder, signal);
  try {
    await annotate(demo, stage, record);
    const steps = record.now.steps.slice(0, options.annotations);
    const { version } = steps.at(-1)!;
    const dataset = join(folder, 'dataset');
    const order = { version, pairs: options.pairs, folder: dataset };
    const seconds = await progress.during('dataset', (tell) => headlessDataset(stage, order, tell, signal));
    progress.say(
      `  dataset of ${options.pairs} pairs${seconds === null ? ', made in an earlier run' : ` in ${formatSeconds(seconds)}`}`,
    );
    const sheet = join(folder, 'contact-sheet.png');
    await progress.during('contact sheet', async () => {
      const title = `${steps.length} annotated ${steps.length === 1 ? 'picture' : 'pictures'}; these ${SHEET_ROWS} are not among them`;
      await writeContactSheet(sheet, await sheetRows(stage, version), { title, labels: stage.labels });
    });
    summarise(demo, steps, { sheet, dataset });
  } finally {
    await stage.engine.close();
  }
}

/** Annotates seed 0, then 1 too, and so on; after each, all other tasks are predicted with the new version and written to `tasks`. */
async function annotate(
  { options, folder, progress, signal }: HeadlessDemo,
  stage: HeadlessStage,
  record: DemoRecordFile,
): Promise<void> {
  let earlier = 0;
  for (let count = 1; count <= options.annotations; count++) {
    const seeds = Array.from({ length: count }, (_, seed) => seed);
    const { steps } = record.now;
    if (steps[count - 1] !== undefined && steps[count - 1]?.version === (await stage.trained(seeds))) {
      earlier++;
      continue;
    }
    if (earlier > 0) progress.say(`  ${earlier} annotated in an earlier run`);
    earlier = 0;
    const what = `annotation ${count} of ${options.annotations}`;
    const step = await progress.during(what, (tell) => annotateOnce(stage, seeds, join(folder, 'tasks'), tell, signal));
    await record.change({ steps: [...steps.slice(0, count - 1), step] });
    progress.say(`  ${what}: version ${step.version}, mIoU ${step.mIoU?.toFixed(3) ?? '-'}`);
  }
  if (earlier > 0) progress.say(`  ${earlier} annotated in an earlier run`);
}

async function annotateOnce(
  stage: HeadlessStage,
  seeds: readonly number[],
  folder: string,
  tell: (detail: string) => void,
  signal: AbortSignal,
): Promise<DemoStep> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const version = await stage.train(seeds, tell);
  const versionSeconds = elapsed();
  for (const seed of seeds) for (const path of [imageFile(folder, seed), maskFile(folder, seed)]) await rm(path, { force: true });
  for (let seed = seeds.length; seed < DEMO_TASKS; seed++) {
    tell(`${seed - seeds.length}/${DEMO_TASKS - seeds.length} predictions`);
    const { picture, mask } = await stage.predict(version, seed);
    await stage.engine.run(writePairTask, { folder, seed, picture, mask }, { lane: 'codec', signal });
  }
  const predictionSeconds = elapsed();
  const pairs: { truth: LabelMap; predicted: LabelMap }[] = [];
  for (const seed of HELD_OUT_SEEDS) {
    tell(`${pairs.length}/${HELD_OUT_SEEDS.length} held-out pictures`);
    pairs.push({ truth: await stage.truth(seed), predicted: (await stage.predict(version, seed)).mask });
  }
  const mIoU = meanIou(pairs, stage.labels.length);
  return { seed: seeds.at(-1)!, version, mIoU, versionSeconds, predictionSeconds, predictions: DEMO_TASKS - seeds.length };
}

async function sheetRows(stage: HeadlessStage, version: string): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for (const seed of HELD_OUT_SEEDS.slice(0, SHEET_ROWS)) {
    const { picture, mask: prediction, jsMap } = await stage.predict(version, seed, { wantJsMap: true });
    const truth = await stage.truth(seed);
    const mIoU = meanIou([{ truth, predicted: prediction }], stage.labels.length);
    rows.push({ seed, picture, truth, prediction, js: jsMap!, mIoU });
  }
  return rows;
}

function summarise(
  { reason, progress, folder }: HeadlessDemo,
  steps: readonly DemoStep[],
  { sheet, dataset }: { readonly sheet: string; readonly dataset: string },
): void {
  progress.say();
  for (const line of stepsTable(steps)) progress.say(`  ${line}`);
  progress.say(
    `  mIoU: mean of the 11 parts and the background, against the exact parts of ${HELD_OUT_SEEDS.length} pictures that nobody annotated`,
  );
  progress.say();
  progress.say(`  look at       ${sheet}`);
  progress.say(`  the dataset   ${dataset} (images, masks, dataset.json)`);
  progress.say(`  other tasks   ${join(folder, 'tasks')} (pictures, and what the last version sees in them)`);
  progress.say();
  progress.say(
    'Not included, because there is no Label Studio: the editor with its predictions, training on submit, orders from a form.',
  );
  progress.say(`To get them: ${reason.fix ?? 'set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.'} Then: ${OWN_COMMAND} demo`);
}
