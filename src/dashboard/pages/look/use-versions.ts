import type { ProjectDetail, VersionPage, VersionSummary } from '../../../api/answers.ts';
import { projectPath } from '../../address.ts';
import { useAnswer } from '../../use-answer.ts';

/** As many as a reader may want to choose from. */
const MOST_OFFERED = 200;

/** The project's versions, the last activated first; those that the project's own answer leaves out are asked for. */
export function useVersions(id: string, { versions, versionCount }: ProjectDetail): readonly VersionSummary[] {
  const hasMore = versionCount > versions.length;
  const { answer } = useAnswer<VersionPage>(hasMore ? projectPath(id, `/versions?limit=${MOST_OFFERED}`) : null);
  return hasMore ? (answer?.versions ?? versions) : versions;
}
