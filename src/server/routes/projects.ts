import type { z } from 'zod';
import type { PredictionOptions, ProjectBackend } from '../../api/backend.ts';
import {
  noParams,
  picturesQuery,
  predictionQuery,
  project,
  projectSeed,
  projectVersion,
  versionsQuery,
} from '../../api/requests.ts';
import type { ErrorCode } from '../../errors.ts';
import { type ApiRoute, jsonRoute, pngRoute } from '../api-route.ts';
import { imageOptions } from '../image-options.ts';

const PREDICTION_ERRORS: readonly ErrorCode[] = [
  'unknown-project',
  'ambiguous-project',
  'no-version',
  'unknown-version',
  'version-lost',
];

export function projectRoutes(projects: ProjectBackend): ApiRoute[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/projects',
      summary: 'Label Studio projects that this server knows.',
      params: noParams,
      answer: 'Projects',
      errors: [],
      run: () => projects.list(),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}',
      summary: 'A project: its annotations, learning curve, current version, latest versions and jobs.',
      params: project,
      answer: 'ProjectDetail',
      errors: ['unknown-project', 'ambiguous-project'],
      run: ({ params }) => projects.get(params.id),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}/versions',
      summary: 'The versions of a project with IoU by label, the last activated first.',
      params: project,
      query: versionsQuery,
      answer: 'VersionPage',
      errors: ['unknown-project', 'ambiguous-project'],
      run: ({ params, query }) => projects.versions(params.id, query),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}/figures',
      summary: "Histograms of the current version's predictions of the project's pictures: uncertainty, and area by label.",
      params: project,
      answer: 'ProjectFigures',
      errors: ['unknown-project', 'ambiguous-project'],
      run: ({ params }) => projects.figures(params.id),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/seed',
      summary: 'Create more tasks with generated pictures.',
      params: project,
      body: 'SeedOrder',
      answer: 'Job',
      status: 202,
      errors: ['unknown-project', 'ambiguous-project', 'disconnected'],
      run: ({ params, body }) => projects.seed(params.id, body),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/train',
      summary: 'Train a version on the current annotations.',
      params: project,
      body: 'Nothing',
      answer: 'Job',
      status: 202,
      errors: ['unknown-project', 'ambiguous-project', 'disconnected'],
      run: ({ params }) => projects.train(params.id),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/versions/{version}/activate',
      summary: 'Make an earlier or later version the current one.',
      params: projectVersion,
      body: 'Nothing',
      answer: 'ProjectDetail',
      errors: ['unknown-project', 'ambiguous-project', 'unknown-version', 'version-lost'],
      run: ({ params }) => projects.activate(params.id, params.version),
    }),
    jsonRoute({
      method: 'post',
      path: '/api/projects/{id}/orders',
      summary:
        "Create the orders project in this project's Label Studio, if there is none. Submitting its form orders a dataset.",
      params: project,
      body: 'Nothing',
      answer: 'OrdersProject',
      errors: ['unknown-project', 'ambiguous-project', 'disconnected'],
      run: ({ params }) => projects.orders(params.id),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}/pictures',
      summary: "Pictures of the project's tasks, or of seeds: what determines each of them.",
      params: project,
      query: picturesQuery,
      answer: 'ProjectPictures',
      errors: ['unknown-project', 'ambiguous-project', 'unknown-generator'],
      run: ({ params, query }) => projects.pictures(params.id, query),
    }),
    pngRoute({
      method: 'get',
      path: '/api/projects/{id}/predictions/{seed}.png',
      summary: "Index PNG of a version's prediction for the picture of a seed.",
      params: projectSeed,
      query: predictionQuery,
      errors: PREDICTION_ERRORS,
      cacheControl: keptBy,
      run: ({ params, query, signal }) => projects.prediction(params.id, params.seed, predictionOptions(query, signal)),
    }),
    pngRoute({
      method: 'get',
      path: '/api/projects/{id}/predictions/{seed}/uncertainty.png',
      summary:
        'Grey PNG of how uncertain a version is of each pixel: the Jensen-Shannon divergence of its classifiers in hundredths of a nat, 255 for more.',
      params: projectSeed,
      query: predictionQuery,
      errors: PREDICTION_ERRORS,
      cacheControl: keptBy,
      run: ({ params, query, signal }) => projects.uncertainty(params.id, params.seed, predictionOptions(query, signal)),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}/predictions/{seed}.json',
      summary: 'Keypoints and score of a version for the picture of a seed.',
      params: projectSeed,
      query: predictionQuery,
      answer: 'SeedPrediction',
      errors: PREDICTION_ERRORS,
      run: ({ params, query, signal }) => projects.predictionFigures(params.id, params.seed, predictionOptions(query, signal)),
    }),
  ];
}

type PredictionQuery = z.output<typeof predictionQuery>;

/** A version never changes what it sees in a picture. Without one, the next version sees something else at the same address. */
const keptBy = ({ version, psi, cutoff }: PredictionQuery) =>
  [version, psi, cutoff].includes(undefined) ? 'private, no-cache' : 'private, max-age=86400';

function predictionOptions({ version, patient, ...query }: PredictionQuery, signal: AbortSignal): PredictionOptions {
  return { ...imageOptions(query), version, patient: patient === 'true', signal };
}
