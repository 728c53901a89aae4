import { isDeepStrictEqual } from 'node:util';
import type { TaskMeta } from '../../label-studio/annotations/task-meta.ts';
import type { Project, Task } from '../../store/schema.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';

/** The picture that a task's meta names, without what a dataset project adds to it. */
export function pictureOf({ generator, seed, class: label, psi, cutoff }: TaskMeta): ImageIdentity {
  return { generator, seed, class: label, psi, cutoff };
}

/** The store's row of a task that shows a picture. */
export function taskRow(projectKey: string, taskId: number, { generator, seed, class: label, psi, cutoff }: ImageIdentity): Task {
  return { project_key: projectKey, task_id: taskId, generator_id: generator, seed, class: label, psi, cutoff };
}

/** The picture that a task of the store shows. */
export function imageOfTask({ generator_id: generator, seed, class: label, psi, cutoff }: Task): ImageIdentity {
  return { generator, seed, class: label, psi, cutoff };
}

/** Whether the store knows the task as one that shows this picture. */
export function showsPicture(task: Task, image: ImageIdentity): boolean {
  return isDeepStrictEqual(task, taskRow(task.project_key, task.task_id, image));
}

/** Address at which people open a task. */
export function taskUrl({ host, ls_id: project }: Pick<Project, 'host' | 'ls_id'>, task: number): string {
  return `${host}/projects/${project}/data?task=${task}`;
}
