import type { GeneratorBackend, ImageOptions } from '../../api/backend.ts';
import type { ImportOptions } from '../../api/requests.ts';
import { requireJob } from '../../store/jobs.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import { PARTS } from '../../stylegan/portraits/parts.ts';
import { truthTask } from '../../stylegan/portraits/truth.ts';
import { synthesisMemory } from '../../stylegan/synthesis-memory.ts';
import { synthesizeImageTask } from '../../stylegan/synthesize-image.ts';
import { synthesizeMixTask } from '../../stylegan/synthesize-mix.ts';
import { encodeLabelMapTask, encodePictureTask } from '../engine-tasks/encode-png.ts';
import { laneFor } from '../engine-tasks/lane-for.ts';
import { PRIORITY } from '../engine-tasks/priority.ts';
import type { GeneratorsContext } from '../product/contexts.ts';
import { jobView } from '../queue/job-view.ts';
import { type GeneratorPlace, isOwn, removeGenerator, renameGenerator, usersOf } from './generator-folders.ts';
import { drawSamples, importedSamples } from './generator-samples.ts';
import { generatorDetail, generatorView } from './generator-view.ts';
import { receiveUpload, removeUpload } from './uploads.ts';

const CODEC = { lane: 'codec', priority: PRIORITY.interactive } as const;

/** The generators' part of the contract. */
export function generatorBackend({
  store,
  folder,
  queues,
  engine,
  log,
  settings,
  generators: library,
}: GeneratorsContext): GeneratorBackend {
  const place: GeneratorPlace = { db: store.db, library, generators: folder.generators };
  const begin = async (options: ImportOptions) => jobView(await requireJob(store.db, await queues.enqueue('import', options)));
  return {
    async list() {
      const { generators, problems } = await library.list();
      for (const problem of problems) log.warn({ err: problem.error, folder: problem.folder }, 'a generator is not usable');
      return generators.map(({ card }) => generatorView(card));
    },
    import: begin,
    async upload({ filename, ...options }, upload) {
      const file = await receiveUpload(folder.uploads, filename, upload, settings.uploadLimit);
      try {
        return await begin({ ...options, file });
      } catch (error) {
        await removeUpload(folder.uploads, file);
        throw error;
      }
    },
    async get(name) {
      const generator = await library.find(name);
      return await generatorDetail(generator, {
        bundled: !isOwn(generator, folder.generators),
        projects: await usersOf(place, generator.card),
      });
    },
    async samples(name, signal) {
      const generator = await library.find(name);
      return (await importedSamples(generator)) ?? (await drawSamples(engine, generator, signal));
    },
    async rename(name, newName) {
      return generatorView(await renameGenerator(place, name, newName));
    },
    async remove(name) {
      return generatorView(await removeGenerator(place, name));
    },
    async image(name, seed, { width: most, mix: other, share = 0.5, ...options }) {
      const generator = await library.find(name);
      const image = imageWith(generator, seed, options);
      const { picture, codec } = laneFor(options);
      const run = { ...picture, memory: synthesisMemory(generator.card) };
      const made =
        other === undefined
          ? await engine.run(synthesizeImageTask, { generator, image }, run)
          : await engine.run(synthesizeMixTask, { generator, image, other, share }, run);
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
