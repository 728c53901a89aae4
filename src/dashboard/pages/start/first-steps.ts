import type { ProjectSummary } from '../../../api/answers.ts';

export type StepName = 'connect' | 'label' | 'order';

export interface FirstStep {
  readonly name: StepName;
  readonly done: boolean;
  /** The project to go on with; undefined where that has not been connected yet. */
  readonly project: ProjectSummary | undefined;
}

/**
 * What a new user does, in this order, and what of it is done. Going on is with the project that is furthest.
 * @param ordered whether any dataset was ordered
 */
export function firstSteps(projects: readonly ProjectSummary[], ordered: boolean): readonly FirstStep[] {
  const labelling = projects.filter(({ kind, state }) => kind === 'labelling' && state === 'connected');
  const trained = labelling.find(({ currentVersion }) => currentVersion !== null);
  const project = trained ?? labelling[0];
  return [
    { name: 'connect', done: project !== undefined, project },
    { name: 'label', done: trained !== undefined, project },
    { name: 'order', done: ordered, project: trained },
  ];
}
