import type { Project } from '../client/projects.ts';
import { type Finding, ok, warn } from './finding.ts';

export interface ShownFacts {
  readonly project: Pick<Project, 'model_version' | 'show_collab_predictions' | 'evaluate_predictions_automatically'>;
  /** Title of our backend row; null when not connected. */
  readonly title: string | null;
  readonly currentVersion: string | null;
}

/** Our version ids; design: version id. */
const OURS = /^dg-[0-9a-f]{12}$/;

/** Do annotators see the current version's predictions? */
export function checkShownVersion({ project, title, currentVersion }: ShownFacts): Finding[] {
  const findings: Finding[] = [];
  const where = 'In the project: Settings, Annotation, Live Predictions';
  if (project.show_collab_predictions === false)
    findings.push(
      warn('Label Studio does not show predictions to annotators', `${where}, turn "Use predictions to prelabel tasks" on.`),
    );
  const shown = project.model_version ?? '';
  if (shown !== '' && (shown === title || shown === currentVersion)) findings.push(ok(`shows the predictions of "${shown}"`));
  else if (currentVersion === null) findings.push(ok('has no trained version yet'));
  else if (shown === '')
    findings.push(warn('no model is chosen for predictions', `${where}, choose "${title ?? currentVersion}".`));
  else if (OURS.test(shown))
    findings.push(warn(`shows the predictions of an older version, ${shown}`, 'Nothing to do: the next refresh changes it.'));
  else
    findings.push(
      warn(
        `shows the predictions of "${shown}", which a user selected, instead of ours`,
        `${where}, choose "${title ?? currentVersion}".`,
      ),
    );
  if (project.evaluate_predictions_automatically === true)
    findings.push(
      warn(
        'evaluates predictions automatically (a deprecated setting), so every list of tasks requests predictions',
        'PATCH the project with {"evaluate_predictions_automatically": false}.',
      ),
    );
  return findings;
}
