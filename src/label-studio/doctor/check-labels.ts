import { toError } from '../../errors.ts';
import { OWN_COMMAND } from '../../own-command.ts';
import { masklessControls } from '../label-config/maskless-controls.ts';
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
  const maskless = masklessControls(labelConfig).map((line) =>
    warn(line, 'Use brush, polygon or bitmask for the parts that the model learns.'),
  );
  if (trained === null) return [...maskless, ok(`labels: ${labels.join(', ')}`)];
  const [gone, fresh] = [trained.filter((label) => !labels.includes(label)), labels.filter((label) => !trained.includes(label))];
  const fix = `Submit an annotation with the new labels, or run: ${OWN_COMMAND} train PROJECT`;
  const findings: Finding[] = [...maskless];
  if (gone.length > 0)
    findings.push(warn(`labels of the current version that the project no longer has: ${gone.join(', ')}`, fix));
  if (fresh.length > 0)
    findings.push(warn(`labels of the project that the current version does not know yet: ${fresh.join(', ')}`, fix));
  return gone.length + fresh.length > 0 ? findings : [...findings, ok(`labels match the current version: ${labels.join(', ')}`)];
}
