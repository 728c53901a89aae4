/** Addresses in Label Studio at which people work. */

interface Place {
  /** Origin of the Label Studio. */
  readonly host: string;
  /** Number of the project. */
  readonly id: number;
}

/** All tasks of a project: the data manager. */
export function toTasks({ host, id }: Place): string {
  return `${host}/projects/${id}/data`;
}

/** The label stream: one task after another. */
export function toLabelStream(place: Place): string {
  return `${toTasks(place)}?labeling=1`;
}

export function toTask(place: Place, task: number): string {
  return `${toTasks(place)}?task=${task}`;
}

/** Where a project's ML backend is connected. */
export function toModelSettings({ host, id }: Place): string {
  return `${host}/projects/${id}/settings/ml`;
}
