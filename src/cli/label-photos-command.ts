import { copyFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { DatasetGanError, inOneLine, isError } from '../errors.ts';
import { DEFAULT_SETTINGS } from '../interpreter/recipe.ts';
import type { TrainProgress } from '../interpreter/versions/train-heads.ts';
import { makeFolders } from '../make-folders.ts';
import { encodeIndexPng } from '../masks/png/png.ts';
import { onDisk } from '../on-disk.ts';
import { type AnnotatedFolder, picturesIn, readAnnotatedFolder } from '../photos/annotated-folder.ts';
import { type Backbone, findBackbone } from '../photos/backbone.ts';
import { type PhotoFile, photoFile } from '../photos/photo-files.ts';
import { labelsInFrame } from '../photos/photo-frame.ts';
import { type PhotoView, photoView } from '../photos/photo-network.ts';
import { type PhotoPrediction, predictPhotoTask } from '../photos/predict-photo.ts';
import { photoSize } from '../photos/read-photo.ts';
import { type PhotoVersionRecord, trainPhotoVersionTask } from '../photos/train-photo-version.ts';
import { type LocalBackbones, withBackbones } from './local-backbones.ts';
import { Progress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

export interface LabelPhotosOptions {
  readonly annotated: string;
  readonly out: string;
  readonly backbone: string;
  readonly size?: number;
}

/** What a run of the command has. */
interface Run extends LocalBackbones {
  readonly backbone: Backbone;
  readonly view: PhotoView;
  readonly out: string;
  readonly versionFile: string;
  readonly signal: AbortSignal;
  readonly line: Progress;
}

const TRAINING_SEED = 0;

/** `datasetgan label-photos FOLDER --annotated DIR --out DIR`: learns from annotated photographs, and writes the masks of others. */
export function labelPhotosCommand(folder: string, options: LabelPhotosOptions): Promise<number> {
  return withBackbones(async (local) => {
    const backbone = await findBackbone(local.root, options.backbone);
    const view = photoView(backbone.card, options.size);
    const annotated = await readAnnotatedFolder(options.annotated);
    const { out } = options;
    await onDisk(out, () => makeFolders(join(out, 'masks')));
    const stop = stopSignal();
    const versionFile = join(out, 'version.safetensors');
    const run: Run = { ...local, backbone, view, out, versionFile, signal: stop.signal, line: new Progress() };
    try {
      const photos = await photosIn(folder, run.line);
      const record = await train(run, annotated, photos);
      run.line.say(`Trained ${record.id} on ${annotated.photos.length} photographs in ${record.seconds.total.toFixed(1)} s.`);
      for (const note of record.notes) run.line.say(note);
      await copyFile(join(options.annotated, 'labels.json'), join(out, 'labels.json'));
      const failed = await predictAll(run, photos);
      process.stdout.write(`${photos.length - failed} masks in ${join(out, 'masks')}\n`);
      return failed === 0 ? 0 : 1;
    } finally {
      run.line.end();
      stop.dispose();
    }
  });
}

/** The pictures of a folder that can be read; of the others it says why not. */
async function photosIn(folder: string, line: Progress): Promise<PhotoFile[]> {
  const photos: PhotoFile[] = [];
  for (const file of await picturesIn(folder)) {
    try {
      await photoSize(join(folder, file));
      photos.push(await photoFile(join(folder, file), file));
    } catch (thrown) {
      if (!isError(thrown, 'bad-photo')) throw thrown;
      line.say(`${file} is left out. ${inOneLine(thrown)}`);
    }
  }
  if (photos.length === 0)
    throw new DatasetGanError('bad-request', `${folder} has no pictures.`, { fix: 'Name a folder of JPEG, PNG or WebP files.' });
  return photos;
}

async function train(run: Run, { labels, photos }: AnnotatedFolder, others: readonly PhotoFile[]): Promise<PhotoVersionRecord> {
  const { engine, backbone, view, out, versionFile, settings, signal, line } = run;
  const { labelSide } = view;
  const images = [];
  for (const { photo, mask } of photos) {
    const frame = { ...(await photoSize(photo.file)), side: labelSide };
    images.push({ image: { photo: photo.photo }, labelMap: labelsInFrame(mask, frame), keypoints: null });
  }
  const input = {
    backbone,
    view,
    files: [...photos.map(({ photo }) => photo), ...others],
    images,
    labels,
    keypoints: [],
    settings: DEFAULT_SETTINGS,
    seed: TRAINING_SEED,
    trainMemory: settings.trainMemory,
    cacheFolder: join(settings.dataDir, 'features'),
    checkpointFile: join(out, '.checkpoint'),
    versionFile,
  };
  const onProgress = (value: unknown) => {
    const { phase, step, steps } = value as TrainProgress;
    line.show(`${phase}  ${step} of ${steps}`);
  };
  return engine.run(trainPhotoVersionTask, input, { lane: 'batch', makesRoom: true, signal, onProgress });
}

/** Writes the masks, and `predictions.jsonl` with the least certain photograph first. Gives how many photographs failed. */
async function predictAll(run: Run, photos: readonly PhotoFile[]): Promise<number> {
  const { engine, backbone, versionFile, out, signal, line } = run;
  const rows: { photo: string; mask: string; score: number; js: number }[] = [];
  let failed = 0;
  for (const [i, photo] of photos.entries()) {
    line.show(`labelling  ${i + 1} of ${photos.length}`);
    const mask = `${basename(photo.name, extname(photo.name))}.png`;
    try {
      const seen: PhotoPrediction = await engine.run(
        predictPhotoTask,
        { backbone, photo, versionFile },
        { lane: 'batch', signal },
      );
      const { width, height, labelMap: data, score, js } = seen;
      const png = await encodeIndexPng({ width, height, data });
      await onDisk(out, () => writeFile(join(out, 'masks', mask), png));
      rows.push({ photo: photo.name, mask: `masks/${mask}`, score, js });
    } catch (thrown) {
      if (!isError(thrown, 'bad-photo')) throw thrown;
      failed++;
      line.say(inOneLine(thrown));
    }
  }
  const text = rows.toSorted((a, b) => a.score - b.score).map((row) => `${JSON.stringify(row)}\n`);
  await onDisk(out, () => writeFile(join(out, 'predictions.jsonl'), text.join('')));
  return failed;
}
