import { versionLost } from '../../interpreter/versions/version.ts';
import { metaOf, taskIdentity } from '../../label-studio/annotations/task-meta.ts';
import { knownTasks, type OurTaskDraft, pushTasks } from '../../label-studio/push/push-tasks.ts';
import { recordPredictions } from '../../store/predictions.ts';
import { requireProject } from '../../store/projects.ts';
import type { JsonObject, NewPrediction } from '../../store/schema.ts';
import { listTasks, recordTasks } from '../../store/tasks.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { pictureSize } from '../../stylegan/picture.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import { encodePictureTask } from '../engine-tasks/encode-png.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { hasVersion } from '../product/version-file.ts';
import { openDelivery, type ShownPicture } from '../projects/image-delivery.ts';
import { generatorOf, imageOf, linkProject } from '../projects/linked-project.ts';
import { mendVersion } from '../projects/mend-version.ts';
import { reviewConfig } from '../projects/review-config.ts';
import { imageOfTask, taskRow } from '../projects/task-picture.ts';
import type { JobContext } from '../queue/delivery.ts';
import { generatedPictures } from '../sources/generated-pictures.ts';
import { chooseSeeds } from './choose-seeds.ts';
import { type PredictedTask, predictRegions } from './predict-regions.ts';
import { predictionRow } from './prediction-row.ts';

/** Tasks in one push: small enough that the first pictures appear soon. */
const CHUNK = 16;

/**
 * Makes a task for each seed that has none yet, with its picture and, where a version exists, its prediction. Safe to repeat at any point:
 * Label Studio is asked which tasks and uploads are there.
 */
export async function seed(product: PredictionsContext, { input, signal, progress }: JobContext<'seed'>): Promise<JsonObject> {
  const { db } = product.store;
  const linked = await linkProject(product, input.projectKey, signal);
  const { row, connection } = linked;
  const { config } = await reviewConfig(product, linked);
  const generator = await generatorOf(product, row);
  const source = generatedPictures(product, row, generator);
  const current = row.current_version;
  // Its weights lost, the pictures come without predictions: the refresh that follows their training brings them.
  const version = current !== null && (await hasVersion(product, current)) ? current : null;
  if (current !== null && version === null) await mendVersion(product, row.key, versionLost(product.folder.version(current)));

  const tasks = await knownTasks(connection, row.ls_id, signal);
  const scope = `project-${row.ls_id}-${row.created_at_unix}`;
  const delivery = await openDelivery(product, connection, row.ls_id, scope, signal);
  const rule = { ...row, class_rule: input.classes ?? row.class_rule };
  const asked = input.seeds.map((value) => imageOf(rule, generator, value));
  const present = asked.filter((image) => tasks.has(taskIdentity(image)));
  await record(present);
  const images = input.choose === undefined ? asked : await chosenOf(input.choose);
  let done = present.length;
  progress(done, images.length);

  const missing = images.filter((image) => !tasks.has(taskIdentity(image)));
  for (let start = 0; start < missing.length; start += CHUNK) {
    const chunk = missing.slice(start, start + CHUNK);
    const pictures: ShownPicture[] = [];
    const predicted = new Map<ImageIdentity, PredictedTask>();
    for (const image of chunk) {
      if (version !== null) {
        predicted.set(
          image,
          await predictRegions(
            product,
            { source, config, version, picture: image },
            { lane: 'batch', priority: 'refresh', signal },
          ),
        );
      }
      const needed = delivery.needs(image);
      pictures.push({
        image,
        ...(needed ? { png: await picturePng(product, generator, image, predicted.get(image)?.rgb, signal) } : {}),
      });
      progress(++done, images.length);
    }
    const addresses = await delivery.deliver(pictures);
    const drafts = chunk.map((image, i): OurTaskDraft => {
      const prediction = predicted.get(image);
      const predictions =
        prediction === undefined ? [] : [{ modelVersion: version!, score: prediction.score, resultJson: prediction.resultJson }];
      return { data: { [config.imageKey]: addresses[i]! }, meta: metaOf(image), predictions };
    });
    await pushTasks(connection, row.ls_id, drafts, tasks, { signal });
    await record(chunk, predicted);
  }
  await refreshIfNewer();
  return { tasks: images.length, made: missing.length };

  /** What an earlier try has made was chosen by it. */
  async function chosenOf(wanted: number): Promise<ImageIdentity[]> {
    const pool = asked.filter((image) => !tasks.has(taskIdentity(image)));
    const count = Math.max(0, wanted - present.length);
    if (version === null) return [...present, ...pool.slice(0, count)];
    const shown = (await listTasks(db, row.key)).filter(({ generator_id: id }) => id === generator.card.id).map(imageOfTask);
    const onPicture = (done: number) => progress(done, pool.length, 'choosing');
    return [...present, ...(await chooseSeeds(product, generator, version, { pool, shown, count }, signal, onPicture))];
  }

  async function record(
    pictures: readonly ImageIdentity[],
    predicted?: ReadonlyMap<ImageIdentity, PredictedTask>,
  ): Promise<void> {
    const taskOf = (image: ImageIdentity) => ({ project_key: row.key, task_id: tasks.get(taskIdentity(image))! });
    await recordTasks(
      db,
      pictures.map((image) => taskRow(row.key, tasks.get(taskIdentity(image))!, image)),
    );
    const predictions = [...(predicted ?? [])].map(
      ([image, prediction]): NewPrediction => ({
        ...taskOf(image),
        version_id: version!,
        ...predictionRow(prediction),
        source: 'seed',
        pushed: true,
      }),
    );
    await recordPredictions(db, predictions);
  }

  /** A version that came while we seeded has not predicted these tasks. */
  async function refreshIfNewer(): Promise<void> {
    const { current_version: now } = await requireProject(db, row.key);
    if (now !== null && now !== version) await product.queues.enqueue('refresh', { projectKey: row.key, versionId: now });
  }
}

/** The picture as PNG; synthesized unless a prediction brought it. */
async function picturePng(
  product: Pick<Product, 'engine'>,
  generator: Generator,
  image: ImageIdentity,
  rgb: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const options = { lane: 'batch', priority: PRIORITY.refresh, memory: synthesisMemory(generator.card), signal } as const;
  const picture =
    rgb === undefined
      ? await product.engine.run(synthesizeImageTask, { generator, image }, options)
      : { rgb, ...pictureSize(generator.card) };
  return product.engine.run(encodePictureTask, picture, { lane: 'codec', signal });
}
