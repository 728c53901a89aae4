import { toError } from '../../errors.ts';
import { parseLabelConfig } from '../label-config/parse-label-config.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Does the label config have an image and masks, and the labels that the current version was trained with? */
export function checkLabels(labelConfig: string, trained: readonly string[] | null): Finding[] {
  let labels: readonly string[];
  try {
    labels = parseLabelConfig(labelConfig).labels;
  } catch (thrown) {
    const { message, fix } = toError(thrown);
    return [fail(message, fix ?? 'In the project: Settings, Labeling Interface.')];
  }
  if (trained === null) return [ok(`labels: ${labels.join(', ')}`)];
  const [gone, fresh] = [trained.filter((label) => !labels.includes(label)), labels.filter((label) => !trained.includes(label))];
  const fix = 'Submit an annotation with the new labels, or run: datasetgan train PROJECT';
  const findings: Finding[] = [];
  if (gone.length > 0) findings.push(warn(`labels that the current version knows are no longer there: ${gone.join(', ')}`, fix));
  if (fresh.length > 0) findings.push(warn(`labels that the current version does not know yet: ${fresh.join(', ')}`, fix));
  return findings.length > 0 ? findings : [ok(`labels as trained: ${labels.join(', ')}`)];
}
