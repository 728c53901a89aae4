import type { KnownProject } from '../label-studio/doctor/diagnose.ts';
import type { ProjectSummary, VersionSummary } from './answers.ts';

/** A project of this server as the doctor looks at it. */
export function knownProject(
  { id, host, title, address, error: problem }: ProjectSummary,
  versions: readonly VersionSummary[],
): KnownProject {
  const current = versions.find((version) => version.current);
  return {
    host,
    id,
    title,
    uid: null,
    address,
    problem,
    currentVersion: current === undefined ? null : { id: current.id, labels: current.labels, keypoints: current.keypoints },
  };
}
