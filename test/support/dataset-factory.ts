import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetDetail } from '../../src/api/answers.ts';
import type { Backend } from '../../src/api/backend.ts';
import type { DatasetOrder } from '../../src/api/requests.ts';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { ensureBasisTask } from '../../src/interpreter/features/basis-file.ts';
import { DEFAULT_SETTINGS } from '../../src/interpreter/recipe.ts';
import { trainVersionTask } from '../../src/interpreter/versions/train-version.ts';
import { planVersion, summariseAnnotation } from '../../src/interpreter/versions/version-id.ts';
import { orderDataset } from '../../src/jobs/datasets/plan/order-dataset.ts';
import { importGenerator } from '../../src/jobs/generators/import-generator.ts';
import type { Product } from '../../src/jobs/product/product.ts';
import { productBackend } from '../../src/jobs/product-backend.ts';
import { trainingOptions } from '../../src/jobs/sources/training-options.ts';
import { type StartOptions, start } from '../../src/jobs/start.ts';
import { createLogger } from '../../src/log.ts';
import { UNKNOWN } from '../../src/masks/label-map.ts';
import { readSettings } from '../../src/settings.ts';
import { activateVersion } from '../../src/store/project-versions.ts';
import { json } from '../../src/store/rows.ts';
import type { Project } from '../../src/store/schema.ts';
import { recordVersion } from '../../src/store/versions.ts';
import type { Generator } from '../../src/stylegan/generator.ts';
import { synthesizeImageTask } from '../../src/stylegan/synthesize-image.ts';
import { adaFile } from './checkpoint-writers/stylegan2-files.ts';
import { makeDataFolder } from './data-folder.ts';
import { SteeredEngine } from './steered-engine.ts';
import { insertProject } from './store-rows.ts';
import { TINY_SETTINGS, tinyStylegan2 } from './tiny-stylegan2.ts';
import { until } from './until.ts';

const QUICK = { ...DEFAULT_SETTINGS, members: 3, pixelsPerImage: 200, steps: 60, maxSteps: 60 };
/** The last one is never annotated. */
export const FACTORY_KEYPOINTS = ['brightest', 'darkest', 'never'] as const;
/** Label Studio is not asked for anything here; nothing listens on the discard port. */
const MASKS = '<BrushLabels name="parts" toName="image"><Label value="bright"/></BrushLabels>';
const POINTS = `<KeyPointLabels name="points" toName="image">${FACTORY_KEYPOINTS.map((name) => `<Label value="${name}" skeleton="darkest"/>`).join('')}</KeyPointLabels>`;
const configOf = (keypoints: FactoryOptions['keypoints']) =>
  `<View><Image name="image" value="$image"/>${keypoints === 'alone' ? '' : MASKS}${keypoints === undefined ? '' : POINTS}</View>`;

export interface FactoryOptions extends Omit<StartOptions, 'makeEngine'> {
  readonly dataDir?: string;
  readonly databaseUrl?: string;
  /** The version sees the brightest and the darkest place of a picture, beside the mask or alone. */
  readonly keypoints?: 'beside masks' | 'alone';
  /** Further settings by their environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The product without a Label Studio: a project in its store with a version of a tiny generator, whose pairs take milliseconds. */
export class DatasetFactory {
  readonly product: Product;
  readonly engine: SteeredEngine;
  readonly backend: Backend;
  readonly #close: () => Promise<void>;

  private constructor(product: Product, engine: SteeredEngine, close: () => Promise<void>) {
    this.product = product;
    this.engine = engine;
    this.backend = productBackend(product);
    this.#close = close;
  }

  /** Opens one in `dataDir`, or goes on with the one that is there. */
  static async open(options: FactoryOptions = {}): Promise<DatasetFactory> {
    const { dataDir = await makeDataFolder('factory'), databaseUrl, env = {}, keypoints, ...others } = options;
    const engines: SteeredEngine[] = [];
    const makeEngine = (wanted: EngineOptions) => {
      const engine = new SteeredEngine(wanted);
      engines.push(engine);
      return engine;
    };
    const settings = readSettings({
      DATA_DIR: dataDir,
      ENGINE_THREADS: '1',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...env,
    });
    const { product, close } = await start(settings, createLogger('silent'), { reconcileSeconds: 3600, makeEngine, ...others });
    const factory = new DatasetFactory(product, engines[0]!, close);
    if ((await product.store.db.selectFrom('projects').select('key').execute()).length === 0) await factory.#prepare(keypoints);
    return factory;
  }

  async #prepare(keypoints: FactoryOptions['keypoints']): Promise<void> {
    const { engine, generators: library, folder, settings, store } = this.product;
    const file = join(folder.root, 'tiny.pkl');
    await writeFile(file, adaFile(tinyStylegan2({ noise: true, channels: [8, 8, 8, 8] }), TINY_SETTINGS));
    const place = { engine, library, generators: folder.generators, memoryLimit: settings.memoryLimit };
    const { name, id } = await importGenerator({ file, name: 'tiny', psi: 1 }, place);
    const generator = await library.find(name);
    await insertProject(store.db, { title: 'Factory', generator: id });
    const { key } = await this.project();
    const config = configOf(keypoints);
    await store.db.updateTable('projects').set({ state: 'connected', label_config: config }).where('key', '=', key).execute();
    await this.#train(generator, key, keypoints);
  }

  /** A version that tells bright pixels from dark ones. */
  async #train(generator: Generator, projectKey: string, keypoints: FactoryOptions['keypoints']): Promise<void> {
    const { engine, folder, store } = this.product;
    const project = { psi: null, cutoff: null, class_rule: null };
    const labels = keypoints === 'alone' ? ['Background'] : ['Background', 'bright'];
    const options = trainingOptions(
      { settings: this.product.settings, training: QUICK },
      project,
      generator,
      labels,
      keypoints === undefined ? [] : FACTORY_KEYPOINTS,
    );
    const images = await Promise.all([0, 1, 2].map((seed) => this.#annotated(generator, seed, keypoints)));
    const basis = await engine.run(ensureBasisTask, { generator }, { lane: 'batch' });
    const summaries = images.map(({ image, labelMap, keypoints }) => ({
      image,
      annotation: summariseAnnotation(labelMap, labels.length),
      keypoints,
    }));
    const { id } = planVersion({ ...options, generator: generator.card.id, images: summaries, basis });
    const record = await engine.run(
      trainVersionTask,
      {
        ...options,
        generator,
        images,
        cacheFolder: folder.features,
        checkpointFile: folder.checkpoint(id),
        versionFile: folder.version(id),
      },
      { lane: 'batch' },
    );
    await recordVersion(store.db, {
      id,
      generator_id: generator.card.id,
      labels: json(labels),
      record: json(record),
      validation: 'none',
      weights_sha256: record.weights,
    });
    await activateVersion(store.db, { projectKey, versionId: id, annotated: images.length });
  }

  async #annotated(generator: Generator, seed: number, keypoints: FactoryOptions['keypoints']) {
    const image = { generator: generator.card.id, seed, class: null, psi: 1, cutoff: null };
    const { rgb, width, height } = await this.engine.run(synthesizeImageTask, { generator, image }, { lane: 'batch' });
    const light = Array.from({ length: width * height }, (_, pixel) => rgb[3 * pixel]! + rgb[3 * pixel + 1]!);
    const median = light.toSorted((a, b) => a - b)[light.length >> 1]!;
    const painted = (value: number) => (keypoints === 'alone' ? UNKNOWN : Number(value > median));
    const place = (value: number) => {
      const pixel = light.indexOf(value);
      return { x: (pixel % width) + 0.5, y: Math.floor(pixel / width) + 0.5 };
    };
    return {
      image,
      labelMap: { width, height, data: Uint8Array.from(light, painted) },
      keypoints: keypoints === undefined ? null : [place(Math.max(...light)), place(Math.min(...light)), null],
    };
  }

  async project(): Promise<Project> {
    return this.product.store.db.selectFrom('projects').selectAll().executeTakeFirstOrThrow();
  }

  /** Orders pairs as files only, by default without any files. Gives the dataset's id. */
  async order(order: DatasetOrder): Promise<string> {
    const wanted = { destination: 'files', formats: [], filter: 0, ...order } as const;
    const { dataset } = await orderDataset(this.product, (await this.project()).key, wanted, { door: 'test' });
    return dataset.id;
  }

  /** Waits until the dataset is in that state. */
  async reaches(id: string, state: DatasetDetail['state']): Promise<DatasetDetail> {
    return until(
      `the dataset is ${state}`,
      async () => {
        const seen = await this.backend.datasets.get(id);
        if (seen.state === 'failed' && state !== 'failed') throw new Error(`The dataset failed: ${seen.reasons.join(' ')}`);
        return seen.state === state && seen;
      },
      { every: 50, show: () => this.backend.datasets.get(id) },
    );
  }

  /** Says how long a pair takes, which decides the size of shards in the next plan: a minute's work. */
  async shardsOf(seeds: number): Promise<void> {
    const { generator } = await this.project();
    const value = json({ seconds: 60 / seeds, bytes: 5000 });
    await this.product.store.db
      .insertInto('settings')
      .values({ key: `pair-cost/${generator}`, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Closes it for good. */
  async remove(): Promise<void> {
    await this.#close();
    await rm(this.product.folder.root, { recursive: true, force: true });
  }
}
