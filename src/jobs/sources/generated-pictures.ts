import { viewMemory } from '../../interpreter/clicks/picture-in-view.ts';
import { basisMemory, ensureBasisTask, hasBasis, readBasis } from '../../interpreter/features/basis-file.ts';
import { generatorNetwork } from '../../interpreter/features/generator-network.ts';
import { chooseNextTask } from '../../interpreter/inference/choose-next.ts';
import { trainingMemory } from '../../interpreter/versions/prepare-training.ts';
import { trainVersionTask } from '../../interpreter/versions/train-version.ts';
import { validateTask } from '../../interpreter/versions/validate.ts';
import { planVersion } from '../../interpreter/versions/version-id.ts';
import { parseTaskMeta } from '../../label-studio/annotations/task-meta.ts';
import type { Project } from '../../store/schema.ts';
import { getTask, listTasks, recordTasks } from '../../store/tasks.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';
import { pictureSize } from '../../stylegan/picture.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import { promptedRegionTask } from '../engine-tasks/prompted-region.ts';
import type { SourcesContext } from '../product/contexts.ts';
import { recordOf } from '../product/version-record.ts';
import { imageOfTask, pictureOf, showsPicture, taskRow } from '../projects/task-picture.ts';
import type { PictureSource } from './picture-source.ts';
import { predictImage } from './predict-image.ts';
import { trainingOptions } from './training-options.ts';

/** The pictures of a generator. Which one a task shows is in its meta. */
export function generatedPictures(product: SourcesContext, project: Project, generator: Generator): PictureSource<ImageIdentity> {
  const { engine, folder, settings, store } = product;
  const { db } = store;
  const { key } = project;
  const { card } = generator;
  const network = generatorNetwork(generator);
  const batch = (priority: keyof typeof PRIORITY, signal: AbortSignal) =>
    ({ lane: 'batch', priority: PRIORITY[priority], memory: synthesisMemory(card), signal }) as const;
  return {
    id: card.id,
    taskFields: ['meta'],
    async picturesOf(tasks) {
      const shown = tasks.flatMap(({ id, meta }) => {
        const picture = parseTaskMeta(meta);
        return picture === null ? [] : [[id, pictureOf(picture)] as const];
      });
      return { pictures: new Map(shown), problems: new Map() };
    },
    async pictureAsked({ id, meta }) {
      const named = parseTaskMeta(meta);
      if (named === null || named.generator !== card.id) return undefined;
      const picture = pictureOf(named);
      const row = id === null ? undefined : await getTask(db, key, id);
      return { picture, known: row !== undefined && showsPicture(row, picture) };
    },
    async claim(tasks) {
      const own = tasks.flatMap((task) => {
        const picture = parseTaskMeta(task.meta);
        return picture?.generator === card.id ? [{ task, row: taskRow(key, task.id, pictureOf(picture)) }] : [];
      });
      await recordTasks(
        db,
        own.map(({ row }) => row),
      );
      return own.map(({ task }) => task);
    },
    async knownPictures() {
      return new Map((await listTasks(db, key)).map((task) => [task.task_id, imageOfTask(task)]));
    },
    isOwn: (picture) => picture.generator === card.id,
    sizeOf: () => card.labelSize,
    keyOf: imageKey,
    pixels: (image, signal) => engine.run(synthesizeImageTask, { generator, image }, batch('train', signal)),
    async predict(version, image, options) {
      const seen = await predictImage(product, generator, version, image, options);
      const { width, height, labelMap: data, keypoints, rgb, score, js, areas } = seen;
      return { labelMap: { width, height, data }, keypoints, rgb, score, js, areas, ...pictureSize(card) };
    },
    async plan({ images, labels, keypoints, signal, onProgress }) {
      const options = trainingOptions(product, project, generator, labels, keypoints);
      const memory = trainingMemory(network, options.trainMemory, labels.length);
      const run = { lane: 'batch', priority: PRIORITY.train, makesRoom: true, signal, onProgress } as const;
      // Read here, where no validation that runs is waited for.
      const learn = () => engine.run(ensureBasisTask, { generator }, { ...run, memory: basisMemory(generator) });
      const basis = (await readBasis(generator)) ?? (await learn());
      const { id } = planVersion({ ...options, generator: card.id, images, basis });
      const files = { cacheFolder: folder.features, checkpointFile: folder.checkpoint(id), versionFile: folder.version(id) };
      const pictures = images.map(({ image, labelMap, boxes, keypoints: points }) => ({
        image,
        labelMap,
        boxes,
        keypoints: points,
      }));
      const train = (notes: readonly string[]) =>
        engine.run(trainVersionTask, { ...options, generator, images: pictures, ...files, notes }, { ...run, memory });
      return { id, train };
    },
    made: ({ id, record }) => record.generator === card.id && recordOf({ id, record }).generator === card.id,
    async validate(version, kept, signal) {
      const { psi, cutoff, classRule, labels, settings: trained, seed, keypoints } = recordOf(version);
      const images = kept.flatMap(({ image, ...own }) => ('seed' in image ? [{ image, ...own }] : []));
      const names = keypoints?.names ?? [];
      const { trainMemory } = settings;
      const input = { generator, psi, cutoff, classRule, labels, keypoints: names, settings: trained, seed, trainMemory };
      const run = { lane: 'batch', priority: PRIORITY.validate, makesRoom: true, signal } as const;
      return engine.run(validateTask, { ...input, images, cacheFolder: folder.features }, run);
    },
    async prompt({ picture: image, ...clicked }, signal) {
      await ensureBasis(product, generator);
      const run = { lane: 'interactive', memory: viewMemory(network), signal } as const;
      return engine.run(promptedRegionTask, { ...clicked, picture: { generator, image } }, run);
    },
    chooseNext({ annotated, ...choice }, signal) {
      const learnt = annotated.flatMap(({ image }) => ('seed' in image ? [image] : []));
      return engine.run(chooseNextTask, { ...choice, generator, annotated: learnt }, batch('refresh', signal));
    },
  };
}

/** A generator that an earlier release imported has no basis until its first training. To learn one keeps a lane busy: not that of those who wait. */
async function ensureBasis({ engine }: Pick<SourcesContext, 'engine'>, generator: Generator): Promise<void> {
  if (hasBasis(generator)) return;
  await engine.run(ensureBasisTask, { generator }, { lane: 'batch', memory: basisMemory(generator) });
}
