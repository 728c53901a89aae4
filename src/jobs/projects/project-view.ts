import type { ProjectSummary, VersionSummary } from '../../api/answers.ts';
import type { KeypointValidation } from '../../interpreter/versions/validate-keypoints.ts';
import type { OwnVersion } from '../../store/project-versions.ts';
import type { Project } from '../../store/schema.ts';
import { recordOf, validationOf } from '../product/version-record.ts';
import { problemInWords, projectProblem } from './project-problem.ts';

/** A project as the REST API shows it. */
export function projectView({ ls_id, host, title, kind, state, problem, annotations, ...row }: Project): ProjectSummary {
  const { generator, current_version: currentVersion, callback_url: address } = row;
  const said =
    problem === null ? { problem: null, error: null } : { problem: problemInWords(problem), error: projectProblem(problem) };
  const annotatedImages = annotations?.counted ?? 0;
  return { id: ls_id, host, title, kind, state, generator: generator ?? '', currentVersion, annotatedImages, address, ...said };
}

/** One of a project's versions as the REST API shows it. `current`: id of the project's current version. */
export function versionView(version: OwnVersion, current: string | null): VersionSummary {
  const record = recordOf(version);
  const result = validationOf(version);
  return {
    id: version.id,
    createdAt: version.created_at.toISOString(),
    current: version.id === current,
    annotatedImages: version.annotated,
    labels: version.labels,
    keypoints: record.keypoints?.names ?? [],
    finalLoss: record.loss,
    trainingAccuracy: record.trainingAccuracy,
    validation: version.validation,
    mIoU: result?.mIoU ?? null,
    mIoUOver: result?.mIoU == null ? [] : version.labels.filter((_, index) => (result.iou[index] ?? null) !== null),
    iou: Object.fromEntries(version.labels.map((label, index) => [label, result?.iou[index] ?? null])),
    ...(result?.keypoints === undefined ? {} : keypointFigures(record.keypoints?.names ?? [], result.keypoints)),
    notes: record.notes,
  };
}

function keypointFigures(
  names: readonly string[],
  { pck, medianError, meanPck }: KeypointValidation,
): Pick<VersionSummary, 'pck' | 'keypointErrors'> {
  const errors = names.map((name, k) => [name, { pck: pck[k] ?? null, medianPx: medianError[k] ?? null }] as const);
  return { pck: meanPck, keypointErrors: Object.fromEntries(errors) };
}
