import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { viewMemory } from '../../interpreter/clicks/picture-in-view.ts';
import { inferenceMemory } from '../../interpreter/inference/label-picture.ts';
import { trainingMemory } from '../../interpreter/versions/prepare-training.ts';
import { listTasks } from '../../label-studio/client/tasks.ts';
import { chooseNextPhotosTask } from '../../photos/choose-next-photos.ts';
import { fittedName } from '../../photos/fit-photo.ts';
import { networkOfPhotos, type PhotoFile } from '../../photos/photo-files.ts';
import { predictPhotoTask } from '../../photos/predict-photo.ts';
import { planPhotoVersionTask, trainPhotoVersionTask } from '../../photos/train-photo-version.ts';
import { validatePhotoVersionTask } from '../../photos/validate-photo-version.ts';
import { listPhotographs, photographsOfTasks } from '../../store/photographs.ts';
import type { Project } from '../../store/schema.ts';
import { photoPixelsTask } from '../engine-tasks/photo-pixels.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import { promptedRegionTask } from '../engine-tasks/prompted-region.ts';
import type { SourcesContext } from '../product/contexts.ts';
import type { Photograph } from '../product/picture.ts';
import { localVersion } from '../product/version-file.ts';
import { photoRecordOf, type RecordedPicture } from '../product/version-record.ts';
import { connectionOf } from '../projects/linked-project.ts';
import type { PhotoSettings } from '../projects/photo-settings.ts';
import { knownPool, readPool } from './photo-pool.ts';
import { photographOf, readPhotographs } from './photo-tasks.ts';
import type { PictureSource } from './picture-source.ts';
import { TRAINING_SEED } from './training-options.ts';

/**
 * The user's own pictures, seen through a backbone. Which one a task shows is in its data; only what Label Studio itself says of it is believed, since we
 * fetch what is at that address.
 */
export function photographs(product: SourcesContext, project: Project, looking: PhotoSettings): PictureSource<Photograph> {
  const { backbone, view } = looking;
  const { engine, folder, settings, store } = product;
  const { db } = store;
  const network = networkOfPhotos(backbone, view, []);
  const read = (tasks: Parameters<PictureSource['picturesOf']>[0], signal: AbortSignal) =>
    readPhotographs(product, project, view.size, tasks, signal);

  /** Those of the photographs that a version learnt from that are still here, without their mirror images. */
  const learntFrom = (images: readonly { readonly image: RecordedPicture }[]): PhotoFile[] =>
    images.flatMap(({ image }) => {
      if (!('photo' in image) || image.mirrored === true) return [];
      const file = join(folder.photos, fittedName(image.photo, view.size));
      return existsSync(file) ? [{ photo: image.photo, file, name: image.photo.slice(0, 12) }] : [];
    });

  return {
    id: backbone.card.id,
    taskFields: ['data'],
    picturesOf: read,
    async pictureAsked({ id }, signal) {
      if (id === null) return undefined;
      const [row] = await photographsOfTasks(db, project.key, [id]);
      const known = row === undefined ? undefined : photographOf(folder, row, view.size);
      if (known !== undefined && existsSync(known.file)) return { picture: known, known: true };
      const asked = { fields: ['data'], ids: [id], signal } as const;
      const tasks = await Array.fromAsync(listTasks(connectionOf(product, project.host), project.ls_id, asked));
      const picture = (await read(tasks, signal)).pictures.get(id);
      return picture && { picture, known: true };
    },
    // Each task of the project shows one, or cannot be read.
    claim: (tasks) => Promise.resolve(tasks),
    async knownPictures() {
      const rows = await listPhotographs(db, project.key);
      return new Map(
        rows.flatMap((row) => {
          const photo = photographOf(folder, row, view.size);
          return photo !== undefined && existsSync(photo.file) ? [[row.task_id, photo] as const] : [];
        }),
      );
    },
    isOwn: () => true,
    sizeOf: ({ size }) => ({ ...size, side: view.labelSide }),
    keyOf: ({ photo }) => photo,
    pixels: (photo, signal) => engine.run(photoPixelsTask, { photo, side: view.labelSide }, { lane: 'codec', signal }),
    async predict(version, photo, { priority, ...run }) {
      const versionFile = await localVersion(product, version);
      const options = { ...run, priority: PRIORITY[priority], memory: inferenceMemory(network) };
      const seen = await engine.run(predictPhotoTask, { backbone, photo, versionFile }, options);
      const { width, height, labelMap: data, keypoints, score, js, areas } = seen;
      return { labelMap: { width, height, data }, keypoints, width, height, score, js, areas };
    },
    async plan({ images: annotated, labels, keypoints, signal, onProgress }) {
      const { trainMemory } = settings;
      const images = annotated.map(({ image, labelMap, boxes, keypoints: points }) => {
        return { image: { photo: image.photo }, labelMap, boxes, keypoints: points };
      });
      const training = {
        ...(await readPool(product, project, looking, signal)),
        annotated: annotated.map(({ image }) => image),
        images,
        labels,
        keypoints,
        settings: product.training,
        seed: TRAINING_SEED,
        trainMemory,
        cacheFolder: folder.features,
      };
      const memory = trainingMemory(network, trainMemory, labels.length);
      const run = { lane: 'batch', priority: PRIORITY.train, makesRoom: true, memory, signal, onProgress } as const;
      const id = await engine.run(planPhotoVersionTask, training, run);
      const files = { checkpointFile: folder.checkpoint(id), versionFile: folder.version(id) };
      return { id, train: (notes) => engine.run(trainPhotoVersionTask, { ...training, ...files, notes }, run) };
    },
    made(version) {
      const record = photoRecordOf(version);
      return record?.backbone === backbone.card.id && record.size === view.size;
    },
    async validate(version, kept, signal) {
      const record = photoRecordOf(version)!;
      const files = learntFrom(kept);
      const here = new Set(files.map(({ photo }) => photo));
      const images = kept.flatMap(({ image, ...own }) => {
        return 'photo' in image && here.has(image.photo) ? [{ image: { photo: image.photo }, ...own }] : [];
      });
      const { labels, settings: trained, seed, keypoints } = record;
      const { trainMemory } = settings;
      const training = { labels, keypoints: keypoints?.names ?? [], settings: trained, seed, trainMemory };
      const input = {
        ...(await knownPool(product, project, looking, signal)),
        annotated: files,
        images,
        ...training,
        cacheFolder: folder.features,
      };
      const run = { lane: 'batch', priority: PRIORITY.validate, makesRoom: true, signal } as const;
      return engine.run(validatePhotoVersionTask, input, run);
    },
    async prompt({ picture: photo, ...clicked }, signal) {
      const picture = { pool: await knownPool(product, project, looking, signal), photo };
      return engine.run(
        promptedRegionTask,
        { ...clicked, picture },
        { lane: 'interactive', memory: viewMemory(network), signal },
      );
    },
    async chooseNext({ annotated, ...choice }, signal) {
      const input = { ...(await knownPool(product, project, looking, signal)), ...choice, annotated: learntFrom(annotated) };
      const run = { lane: 'batch', priority: PRIORITY.refresh, memory: network.memory, signal } as const;
      return engine.run(chooseNextPhotosTask, input, run);
    },
  };
}
