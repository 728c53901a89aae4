import type { ProjectSummary, VersionSummary } from '../../api/answers.ts';
import type { KeypointValidation } from '../../interpreter/versions/validate-keypoints.ts';
import type { ExtraParams } from '../../label-studio/requests/setup-request.ts';
import { USUAL_BACKBONE } from '../../photos/published-backbones.ts';
import type { MeasuredVersion, OwnVersion } from '../../store/project-versions.ts';
import type { Project } from '../../store/schema.ts';
import { trainingOf, validationOf } from '../product/version-record.ts';
import { hasPhotographs } from './photo-settings.ts';
import { problemInWords, projectProblem } from './project-problem.ts';

/** A project as the REST API shows it. */
export function projectView({ ls_id, host, title, kind, state, problem, annotations, ...row }: Project): ProjectSummary {
  const { generator, current_version: currentVersion, callback_url: address } = row;
  const said =
    problem === null ? { problem: null, error: null } : { problem: problemInWords(problem), error: projectProblem(problem) };
  const annotatedImages = annotations?.counted ?? 0;
  return {
    id: ls_id,
    host,
    title,
    kind,
    state,
    generator: generator ?? '',
    photographs: photographsOf(row),
    currentVersion,
    annotatedImages,
    address,
    ...said,
  };
}

function photographsOf(row: Pick<Project, 'extra'>): ProjectSummary['photographs'] {
  const { backbone = USUAL_BACKBONE, working_size: workingSize = null } = row.extra as ExtraParams;
  return hasPhotographs(row) ? { backbone, workingSize } : null;
}

/** One of a project's versions as the REST API shows it. `current`: id of the project's current version. */
export function versionView(version: OwnVersion, current: string | null): VersionSummary {
  const record = trainingOf(version);
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
    ...heldOutFigures(version, record.keypoints?.names ?? []),
    notes: record.notes,
  };
}

/** A version as a point of the curves. */
export type CurvePoint = Pick<VersionSummary, 'id' | 'annotatedImages' | 'mIoU' | 'mIoUOver' | 'iou' | 'pck' | 'keypointErrors'>;

export function curvePoint({ annotated, keypoints, ...version }: MeasuredVersion): CurvePoint {
  return { id: version.id, annotatedImages: annotated, ...heldOutFigures(version, keypoints ?? []) };
}

/** How good a version was on pictures left out of its training. @param keypoints their names */
function heldOutFigures(
  version: Pick<MeasuredVersion, 'id' | 'labels' | 'validation_result'>,
  keypoints: readonly string[],
): Omit<CurvePoint, 'id' | 'annotatedImages'> {
  const result = validationOf(version);
  return {
    mIoU: result?.mIoU ?? null,
    mIoUOver: result?.mIoU == null ? [] : version.labels.filter((_, index) => (result.iou[index] ?? null) !== null),
    iou: Object.fromEntries(version.labels.map((label, index) => [label, result?.iou[index] ?? null])),
    ...(result?.keypoints === undefined ? {} : keypointFigures(keypoints, result.keypoints)),
  };
}

function keypointFigures(
  names: readonly string[],
  { pck, medianError, meanPck }: Pick<KeypointValidation, 'pck' | 'medianError' | 'meanPck'>,
): Pick<VersionSummary, 'pck' | 'keypointErrors'> {
  const errors = names.map((name, k) => [name, { pck: pck[k] ?? null, medianPx: medianError[k] ?? null }] as const);
  return { pck: meanPck, keypointErrors: Object.fromEntries(errors) };
}
