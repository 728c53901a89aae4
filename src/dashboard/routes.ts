import type { ComponentType } from 'preact';
import type { PageProps } from './page-props.ts';

export type Page = ComponentType<PageProps>;

interface Route {
  readonly path: string;
  /** Pages are loaded when they are first wanted. */
  load(): Promise<Page>;
}

const ROUTES: readonly Route[] = [
  { path: '/', load: async () => (await import('./pages/start/start-page.ts')).StartPage },
  { path: '/projects/{id}', load: async () => (await import('./pages/project/project-page.ts')).ProjectPage },
  { path: '/projects/{id}/look', load: async () => (await import('./pages/look/look-page.ts')).LookPage },
  { path: '/projects/{id}/order', load: async () => (await import('./pages/order/order-page.ts')).OrderPage },
  { path: '/datasets', load: async () => (await import('./pages/datasets/datasets-page.ts')).DatasetsPage },
  { path: '/datasets/{id}', load: async () => (await import('./pages/dataset/dataset-page.ts')).DatasetPage },
  { path: '/generators', load: async () => (await import('./pages/generators/generators-page.ts')).GeneratorsPage },
  { path: '/generators/{name}', load: async () => (await import('./pages/generator/generator-page.ts')).GeneratorPage },
  { path: '/health', load: async () => (await import('./pages/health/health-page.ts')).HealthPage },
];

export interface Found extends PageProps {
  readonly route: Route;
}

/** The page of an address such as `#/projects/7?tab=slips`; undefined if there is none. */
export function findRoute(hash: string): Found | undefined {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  for (const route of ROUTES) {
    const params = matched(route.path, path === '' ? '/' : path);
    if (params !== undefined) return { route, params, query: new URLSearchParams(search) };
  }
  return undefined;
}

function matched(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const value = given[index]!;
    if (name === undefined ? value !== part : value === '') return undefined;
    if (name !== undefined) params[name] = decoded(value);
  }
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
