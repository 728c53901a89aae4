import type { GeneratorBackend, ImageOptions } from '../../api/backend.ts';
import { requireJob } from '../../store/jobs.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { PARTS } from '../../stylegan/portraits/parts.ts';
import { truthTask } from '../../stylegan/portraits/truth.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import { encodeLabelMapTask, encodePictureTask } from '../engine-tasks/encode-png.ts';
import { laneFor } from '../engine-tasks/lane-for.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { GeneratorsContext } from '../product/contexts.ts';
import { jobView } from '../queue/job-view.ts';
import { type GeneratorPlace, removeGenerator, renameGenerator } from './generator-folders.ts';
import { generatorView } from './generator-view.ts';

const CODEC = { lane: 'codec', priority: PRIORITY.interactive } as const;

/** The generators' part of the contract. */
export function generatorBackend({
  store,
  folder,
  queues,
  engine,
  log,
  generators: library,
}: GeneratorsContext): GeneratorBackend {
  const place: GeneratorPlace = { db: store.db, library, generators: folder.generators };
  return {
    async list() {
      const { generators, problems } = await library.list();
      for (const problem of problems) log.warn({ err: problem.error, folder: problem.folder }, 'a generator is not usable');
      return generators.map(({ card }) => generatorView(card));
    },
    async import(options) {
      return jobView(await requireJob(store.db, await queues.enqueue('import', options)));
    },
    async rename(name, newName) {
      return generatorView(await renameGenerator(place, name, newName));
    },
    async remove(name) {
      return generatorView(await removeGenerator(place, name));
    },
    async image(name, seed, { width: most, ...options }) {
      const generator = await library.find(name);
      const image = imageWith(generator, seed, options);
      const { picture, codec } = laneFor(options);
      const run = { ...picture, memory: synthesisMemory(generator.card) };
      const made = await engine.run(synthesizeImageTask, { generator, image }, run);
      return engine.run(encodePictureTask, { ...made, most }, codec);
    },
    async truth(name, seed, options) {
      const generator = await library.find(name);
      const { width, height, data } = await engine.run(truthTask, imageWith(generator, seed, options), CODEC);
      return engine.run(encodeLabelMapTask, { width, height, data }, CODEC);
    },
    async trueKeypoints(name, seed, options) {
      const generator = await library.find(name);
      const { width, height, keypoints } = await engine.run(truthTask, imageWith(generator, seed, options), CODEC);
      return { width, height, parts: PARTS, keypoints };
    },
  };
}

function imageWith({ card }: Generator, seed: number, { psi, cutoff, class: label }: ImageOptions): ImageIdentity {
  return {
    generator: card.id,
    seed,
    class: label ?? null,
    psi: psi ?? card.psi,
    cutoff: cutoff === undefined ? card.cutoff : cutoff,
  };
}
