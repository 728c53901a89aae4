import type { LearningCurve, ProjectAgreement, ProjectDetail, Slips, VersionSummary } from '../api/answers.ts';
import { readSettings } from '../settings.ts';
import { localClient } from './local-client.ts';

/** `datasetgan project PROJECT`: asks the running server, prints how far a project is as lines, or as JSON. */
export async function showProject(project: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  const api = localClient(readSettings(process.env));
  const detail = await api.get<ProjectDetail>(`/api/projects/${encodeURIComponent(project)}`);
  process.stdout.write(json ? `${JSON.stringify(detail, null, 2)}\n` : `${describeProject(detail).join('\n')}\n`);
  return 0;
}

/** What an annotator wants to know of a project, one line each. */
export function describeProject(detail: ProjectDetail): string[] {
  const { title, host, id, state, problem, currentVersion, annotations, learningCurve, slips, agreement, versions } = detail;
  return [
    `${title}  ${host}/projects/${id}/data  ${state}`,
    ...(problem === null ? [] : [problem]),
    `${annotations.counted} annotated, version ${currentVersion ?? 'none yet'}`,
    ...section('What was read of the annotations', [...annotations.rejected, ...annotations.notes]),
    ...section('How far to go', describeCurve(learningCurve)),
    ...section('Keypoints, in pictures that were not learnt from', describeKeypoints(versions)),
    ...section('Annotations to look at again', [...slips.regions.map(describeSlip), ...slips.points.map(describePoint)]),
    ...section('Pictures that several people annotated', describeAgreement(agreement)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** `16 annotated: 0.75`, one a line, and after the last one what more pictures would bring. */
function describeCurve(curve: LearningCurve): string[] {
  return curve.map(({ annotatedImages, mIoU, forecast }, index) => {
    const point = `${annotatedImages} annotated: ${mIoU.toFixed(2)}`;
    if (index < curve.length - 1) return point;
    if (forecast === null) return `${point}; a forecast needs more versions`;
    const { more, gain, interval } = forecast;
    return `${point}; ${more} more: about ${signed(gain)} (${interval.map(signed).join(' to ')})`;
  });
}

/** `chin: 94 % found, median error 1.8 px`, of the newest version that is validated. */
function describeKeypoints(versions: readonly VersionSummary[]): string[] {
  const measured = versions.find(({ keypointErrors }) => keypointErrors !== undefined)?.keypointErrors ?? {};
  return Object.entries(measured).map(([name, { pck, medianPx }]) =>
    pck === null || medianPx === null
      ? `${name}: only one picture shows it`
      : `${name}: ${Math.round(100 * pck)} % found, median error ${medianPx.toFixed(1)} px`,
  );
}

/** `task 12: 91 % of Nose looks like Mouth (2 % in other pictures)  http://…` */
function describeSlip({ task, label, seen, share, usualShare, url }: Slips['regions'][number]): string {
  const [here, elsewhere] = [share, usualShare].map((part) => `${Math.round(100 * part)} %`);
  return `task ${task}: ${here} of ${label} looks like ${seen} (${elsewhere} in other pictures)  ${url}`;
}

/** `task 12: eye-left is 40 px from where it is seen (2 px in other pictures); eye-right is marked there  http://…` */
function describePoint({ task, keypoint, distance, usualDistance, markedThere, url }: Slips['points'][number]): string {
  const there = markedThere === null ? '' : `; ${markedThere} is marked there`;
  const [here, elsewhere] = [distance, usualDistance].map((pixels) => `${Math.round(pixels)} px`);
  return `task ${task}: ${keypoint} is ${here} from where it is seen (${elsewhere} in other pictures)${there}  ${url}`;
}

const MOST_PICTURES = 10;

/** Each label and keypoint, then the pictures of least agreement. */
function describeAgreement({ labels, keypoints, pictures }: ProjectAgreement): string[] {
  const count = (n: number) => `${n} ${n === 1 ? 'picture' : 'pictures'}`;
  return [
    ...Object.entries(labels).map(([label, { iou, pictures: n }]) => `${label}: IoU ${iou.toFixed(2)} in ${count(n)}`),
    ...Object.entries(keypoints).map(([name, of]) => `${name}: ${of.distance.toFixed(1)} px apart in ${count(of.pictures)}`),
    ...pictures.slice(0, MOST_PICTURES).map(({ task, counted, other, url }) => {
      const [counts, not] = [counted, other].map(({ annotation, user }) => `annotation ${annotation} of user ${user}`);
      return `task ${task}: ${counts} counts, ${not} does not  ${url}`;
    }),
    ...(pictures.length > MOST_PICTURES ? [`and ${pictures.length - MOST_PICTURES} more`] : []),
  ];
}

/** `+0.02`, `-0.01` */
const signed = (gain: number) => `${gain < 0 ? '-' : '+'}${Math.abs(gain).toFixed(2)}`;
