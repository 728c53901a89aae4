import { join } from 'node:path';
import { Engine } from '../../engine/engine.ts';
import { ensureBasisTask } from '../../interpreter/features/basis-file.ts';
import { generatorNetwork } from '../../interpreter/features/generator-network.ts';
import { type Prediction, predictionMemory, predictTask } from '../../interpreter/inference/predict.ts';
import { DEFAULT_SETTINGS } from '../../interpreter/recipe.ts';
import { trainingMemory } from '../../interpreter/versions/prepare-training.ts';
import type { TrainProgress } from '../../interpreter/versions/train-heads.ts';
import { trainVersionTask } from '../../interpreter/versions/train-version.ts';
import { readVersion } from '../../interpreter/versions/version.ts';
import { planVersion, summariseAnnotation } from '../../interpreter/versions/version-id.ts';
import { PRIORITY } from '../../jobs/engine-tasks/priority.ts';
import { BUNDLED_GENERATORS } from '../../jobs/open-product.ts';
import { DataFolder } from '../../jobs/product/data-folder.ts';
import { imageOf } from '../../jobs/projects/linked-project.ts';
import { trainingOptions } from '../../jobs/sources/training-options.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import type { LabelMap } from '../../masks/label-map.ts';
import type { Settings } from '../../settings.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { GeneratorLibrary } from '../../stylegan/library.ts';
import type { Picture } from '../../stylegan/picture.ts';
import { truthTask } from '../../stylegan/portraits/truth.ts';
import { PORTRAIT_LABEL_CONFIG, truthInLabels } from './portrait-parts.ts';

/** As a project that asks for nothing special. */
const PLAIN = { psi: null, cutoff: null, class_rule: null };

export type HeadlessPrediction = Pick<Prediction, 'js' | 'score' | 'areas' | 'jsMap'> & {
  readonly picture: Picture;
  readonly mask: LabelMap;
};

/** The demo's generator, labels and compute, without a server, a database or Label Studio. Versions get the ids that the server would give them. */
export class HeadlessStage {
  readonly labels = parseLabelConfig(PORTRAIT_LABEL_CONFIG).labels;
  readonly generator: Generator;
  readonly engine: Engine;
  readonly folder: DataFolder;
  readonly #settings: Settings;
  readonly #signal: AbortSignal;

  private constructor(generator: Generator, settings: Settings, folder: string, signal: AbortSignal) {
    this.generator = generator;
    this.engine = new Engine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
    this.folder = new DataFolder(folder);
    this.#settings = settings;
    this.#signal = signal;
  }

  static async open(settings: Settings, folder: string, signal: AbortSignal): Promise<HeadlessStage> {
    const generator = await new GeneratorLibrary([BUNDLED_GENERATORS]).find('portraits-256');
    return new HeadlessStage(generator, settings, join(folder, 'work'), signal);
  }

  imageOf(seed: number): ImageIdentity {
    return imageOf(PLAIN, this.generator, seed);
  }

  /** In indices into `labels`. */
  async truth(seed: number): Promise<LabelMap> {
    const truth = await this.engine.run(truthTask, this.imageOf(seed), { lane: 'codec', signal: this.#signal });
    return truthInLabels(truth, this.labels);
  }

  /** The version of these pictures' truth, if it is trained already. */
  async trained(seeds: readonly number[]): Promise<string | undefined> {
    const { id } = await this.#plan(seeds);
    return (await this.#isThere(id)) ? id : undefined;
  }

  /** Trains on the truth of these pictures, unless that version is there. Gives its id. */
  async train(seeds: readonly number[], tell: (detail: string) => void): Promise<string> {
    const { generator, folder } = this;
    const { id, options, images } = await this.#plan(seeds);
    const files = { cacheFolder: folder.features, checkpointFile: folder.checkpoint(id), versionFile: folder.version(id) };
    if (await this.#isThere(id)) return id;
    await this.engine.run(
      trainVersionTask,
      { ...options, ...files, generator, images },
      {
        lane: 'batch',
        priority: PRIORITY.train,
        memory: trainingMemory(generatorNetwork(generator), options.trainMemory, this.labels.length),
        signal: this.#signal,
        onProgress(value) {
          const { phase, step, steps } = value as TrainProgress;
          // It may go on beyond its schedule; how far is not known before.
          tell(step < steps ? `${phase} ${step}/${steps}` : `${phase} ${step}`);
        },
      },
    );
    return id;
  }

  async #isThere(id: string): Promise<boolean> {
    const version = await readVersion(this.folder.version(id)).catch(() => undefined);
    return version?.record.id === id;
  }

  /** What to train, and the id it will have. */
  async #plan(seeds: readonly number[]) {
    const { labels } = this;
    const { id: generator } = this.generator.card;
    const options = trainingOptions({ settings: this.#settings, training: DEFAULT_SETTINGS }, PLAIN, this.generator, labels, []);
    const images = await Promise.all(
      seeds.map(async (seed) => ({ image: this.imageOf(seed), labelMap: await this.truth(seed), keypoints: null })),
    );
    const annotated = images.map(({ image, labelMap, keypoints }) => ({
      image,
      annotation: summariseAnnotation(labelMap, labels.length),
      keypoints,
    }));
    const basis = await this.engine.run(ensureBasisTask, { generator: this.generator }, { lane: 'batch', signal: this.#signal });
    return { id: planVersion({ ...options, generator, images: annotated, basis }).id, options, images };
  }

  async predict(version: string, seed: number, { wantJsMap = false, spread = false } = {}): Promise<HeadlessPrediction> {
    const { generator, folder } = this;
    const input = { generator, image: this.imageOf(seed), versionFile: folder.version(version), wantJsMap };
    const run = { lane: 'batch', memory: predictionMemory(generator), signal: this.#signal, spread } as const;
    const { rgb, pictureWidth, pictureHeight, labelMap, width, height, ...rest } = await this.engine.run(predictTask, input, run);
    return { picture: { rgb, width: pictureWidth, height: pictureHeight }, mask: { width, height, data: labelMap }, ...rest };
  }
}
