import type { SeedPrediction } from '../../api/answers.ts';
import type { PredictionOptions, ProjectBackend } from '../../api/backend.ts';
import { DatasetGanError } from '../../errors.ts';
import { predictionMemory, predictTask } from '../../interpreter/inference/predict.ts';
import { isProjectVersion } from '../../store/project-versions.ts';
import type { Project } from '../../store/schema.ts';
import { requireVersion } from '../../store/versions.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { type ImageIdentity, imageKey } from '../../stylegan/image-identity.ts';
import { type EncodedPrediction, encodePredictionTask } from '../engine-tasks/encode-prediction.ts';
import { laneFor } from '../engine-tasks/lane-for.ts';
import type { Inference } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { localVersion } from '../product/version-file.ts';
import { recordOf } from '../product/version-record.ts';
import { findProject } from '../projects/find-project.ts';
import { generatorOf, imageOf } from '../projects/linked-project.ts';
import { noVersion } from '../projects/no-version.ts';
import { picturesOf } from './project-pictures.ts';
import { SharedAnswers } from './shared-answers.ts';

type Predicting = Inference & Pick<Product, 'generators'>;

interface SeenInSeed extends EncodedPrediction {
  readonly figures: SeedPrediction;
}

/** Two pages of pictures by two versions. */
const MOST_KEPT = 96;

/** What this room does of the projects' part of the contract. Mask, uncertainty and figures of a seed come from one prediction. */
export function predictionBackend(
  product: Predicting,
): Pick<ProjectBackend, 'pictures' | 'prediction' | 'uncertainty' | 'predictionFigures'> {
  const answers = new SharedAnswers<SeenInSeed>(MOST_KEPT);
  const seen = async (id: string, seed: number, options: PredictionOptions): Promise<SeenInSeed> => {
    const project = await findProject(product.store.db, id);
    const version = await versionOf(product, id, project, options.version);
    const generator = await generatorOf(product, project);
    const image = withOptions(imageOf(project, generator, seed), options);
    const key = `${version} ${imageKey(image)} ${options.patient === true}`;
    return await answers.get(key, options.signal, (signal) =>
      predictSeed(product, { generator, version, image }, { ...options, signal }),
    );
  };
  return {
    pictures: (id, page) => picturesOf(product, id, page),
    prediction: async (...asked) => (await seen(...asked)).mask,
    uncertainty: async (...asked) => (await seen(...asked)).uncertainty,
    predictionFigures: async (...asked) => (await seen(...asked)).figures,
  };
}

/** @throws DatasetGanError `no-version`, `unknown-version` */
async function versionOf(
  { store }: Pick<Product, 'store'>,
  id: string,
  project: Project,
  asked: string | undefined,
): Promise<string> {
  const version = asked ?? project.current_version;
  if (version === null) throw noVersion(`Project ${id}`);
  if (asked === undefined || (await isProjectVersion(store.db, project.key, asked))) return version;
  throw new DatasetGanError('unknown-version', `Project ${id} has no version ${asked}.`, {
    fix: `GET /api/projects/${id} lists its versions.`,
  });
}

function withOptions(image: ImageIdentity, { psi, cutoff, class: label }: PredictionOptions): ImageIdentity {
  return {
    ...image,
    psi: psi ?? image.psi,
    cutoff: cutoff === undefined ? image.cutoff : cutoff,
    class: label ?? image.class,
  };
}

async function predictSeed(
  product: Predicting,
  { generator, version, image }: { readonly generator: Generator; readonly version: string; readonly image: ImageIdentity },
  asked: PredictionOptions,
): Promise<SeenInSeed> {
  const { engine, store } = product;
  const versionFile = await localVersion(product, version);
  const { picture, codec } = laneFor(asked);
  const input = { generator, image, versionFile, wantJsMap: true };
  const prediction = await engine.run(predictTask, input, { ...picture, memory: predictionMemory(generator) });
  const { width, height, score, labelMap, jsMap } = prediction;
  const encoded = await engine.run(encodePredictionTask, { width, height, labelMap, jsMap: jsMap! }, codec);
  const { labels, keypoints } = recordOf(await requireVersion(store.db, version));
  const named = prediction.keypoints.map(({ keypoint, ...point }) => ({ name: keypoints?.names[keypoint] ?? '', ...point }));
  return { ...encoded, figures: { version, labels, width, height, score, keypoints: named } };
}
