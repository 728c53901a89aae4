import { toError } from '../../errors.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import { masklessControls } from '../label-config/maskless-controls.ts';
import { parseLabelConfig } from '../label-config/parse-label-config.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What a version was trained with. */
export interface TrainedLabels {
  /** [0] is the background. */
  readonly labels: readonly string[];
  readonly keypoints: readonly string[];
}

/** Does the label config have an image and masks or keypoints, and the labels that the current version was trained with? */
export function checkLabels(labelConfig: string, trained: TrainedLabels | null): Finding[] {
  let project: TrainedLabels;
  try {
    project = parseLabelConfig(labelConfig);
  } catch (thrown) {
    const { message, fix } = toError(thrown);
    return [fail(message, fix ?? 'In the project: Settings, Labeling Interface.')];
  }
  const maskless = masklessControls(labelConfig).map((line) =>
    warn(line, 'Use brush, polygon or bitmask for the parts that the model learns, and KeyPointLabels for its keypoints.'),
  );
  const known = [project, ...(trained === null ? [] : [trained])];
  return [
    ...maskless,
    // The background alone is no label to speak of.
    ...(known.some(({ labels }) => labels.length > 1) ? compare('labels', project.labels, trained?.labels) : []),
    ...(known.some(({ keypoints }) => keypoints.length > 0) ? compare('keypoints', project.keypoints, trained?.keypoints) : []),
  ];
}

function compare(kind: string, project: readonly string[], trained: readonly string[] | undefined): Finding[] {
  if (trained === undefined) return [ok(`${kind}: ${project.join(', ')}`)];
  const [gone, fresh] = [trained.filter((text) => !project.includes(text)), project.filter((text) => !trained.includes(text))];
  const fix = `Submit an annotation with the new ${kind}, or run: ${OWN_COMMAND} train PROJECT`;
  const findings: Finding[] = [];
  if (gone.length > 0)
    findings.push(warn(`${kind} of the current version that the project no longer has: ${gone.join(', ')}`, fix));
  if (fresh.length > 0)
    findings.push(warn(`${kind} of the project that the current version does not know yet: ${fresh.join(', ')}`, fix));
  return findings.length > 0 ? findings : [ok(`${kind} match the current version: ${project.join(', ')}`)];
}
