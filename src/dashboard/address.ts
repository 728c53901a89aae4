/** Addresses of this page's views, behind the `#`. */

/** A project's id as the API takes it, whatever other Label Studios have. */
export function projectId({ host, id }: { readonly host: string; readonly id: number }): string {
  return `${host}|${id}`;
}

export const START = '#/';
export const DATASETS = '#/datasets';
export const GENERATORS = '#/generators';
export const HEALTH = '#/health';

export function toProject(id: string): string {
  return `#/projects/${encodeURIComponent(id)}`;
}

export function toLook(id: string): string {
  return `${toProject(id)}/look`;
}

export function toOrder(id: string): string {
  return `${toProject(id)}/order`;
}

export function toDataset(id: string): string {
  return `#/datasets/${encodeURIComponent(id)}`;
}

export function toGenerator(name: string): string {
  return `#/generators/${encodeURIComponent(name)}`;
}

/** Path of a route of the API that is about a project. */
export function projectPath(id: string, rest = ''): string {
  return `/api/projects/${encodeURIComponent(id)}${rest}`;
}
