import type { ProjectBackend } from '../../api/backend.ts';
import { noParams, project, projectSeed, projectVersion } from '../../api/requests.ts';
import { type ApiRoute, jsonRoute, pngRoute } from '../api-route.ts';

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
      summary: 'A project: its annotations, versions with IoU by class, current version and latest jobs.',
      params: project,
      answer: 'ProjectDetail',
      errors: ['unknown-project', 'ambiguous-project'],
      run: ({ params }) => projects.get(params.id),
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
    pngRoute({
      method: 'get',
      path: '/api/projects/{id}/predictions/{seed}.png',
      summary: "Index PNG of the current version's prediction for the picture of a seed.",
      params: projectSeed,
      errors: ['unknown-project', 'ambiguous-project', 'no-version'],
      // The next version sees something else at the same address.
      cacheControl: 'private, no-cache',
      run: ({ params }) => projects.prediction(params.id, params.seed),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/projects/{id}/predictions/{seed}.json',
      summary: 'Keypoints and score of the current version for the picture of a seed.',
      params: projectSeed,
      answer: 'SeedPrediction',
      errors: ['unknown-project', 'ambiguous-project', 'no-version'],
      run: ({ params }) => projects.predictionFigures(params.id, params.seed),
    }),
  ];
}
