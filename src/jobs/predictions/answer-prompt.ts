import type { PredictResult } from '../../api/backend.ts';
import { DatasetGanError, toError } from '../../errors.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import type { PredictRequest } from '../../label-studio/requests/predict-request.ts';
import type { Project } from '../../store/schema.ts';
import type { PredictionsContext } from '../product/contexts.ts';
import { localVersion } from '../product/version-file.ts';
import { mendVersion } from '../projects/mend-version.ts';
import { sourceOf } from '../sources/source-of.ts';

/**
 * Answers a prompt of Label Studio's smart tools with one region of its label. Nothing is recorded: what the annotator makes of it comes back as an
 * annotation. The editor shows no reason why nothing is drawn, so the log says it, and the answer is an object all the same.
 */
export async function answerPrompt(
  product: PredictionsContext,
  project: Project | undefined,
  request: PredictRequest,
): Promise<PredictResult> {
  const version = project?.current_version ?? null;
  const nothing = { result: [], score: 0, model_version: version ?? '' };
  if (isOpened(request.context)) return nothing;
  try {
    if (project === undefined) throw refused('The project is not connected to this server.');
    const { regionJson, score } = await regionOf(product, project, request);
    return { ...nothing, result: [JSON.parse(regionJson) as object], score };
  } catch (thrown) {
    const { code, message } = toError(thrown);
    const task = request.tasks[0]?.id ?? null;
    product.log.warn({ reason: message, code, project: request.project, task }, 'a click of a smart tool has no answer');
    if (project !== undefined) await mendVersion(product, project.key, thrown);
    return nothing;
  }
}

/** The editor asks so when it opens a task, before anybody clicks. */
const isOpened = (context: unknown): boolean => {
  const { result } = context as { result?: unknown };
  return Array.isArray(result) && result.length === 0;
};

async function regionOf(product: PredictionsContext, project: Project, request: PredictRequest) {
  const signal = AbortSignal.timeout(Math.max(1, request.deadline - product.now()));
  const source = await sourceOf(product, project);
  const [task] = request.tasks;
  const asked = task === undefined ? undefined : await source.pictureAsked(task, signal);
  if (asked === undefined) throw refused("The picture of the task is not one of the project's.");
  const versionFile = project.current_version === null ? null : await localVersion(product, project.current_version);
  // The editor has the label config of this moment, the store that of the last look.
  const config = parseLabelConfig(request.labelConfig ?? project.label_config);
  return await source.prompt({ picture: asked.picture, versionFile, config, context: request.context }, signal);
}

const refused = (message: string) => new DatasetGanError('bad-annotation', message);
