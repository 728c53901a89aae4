import type { ProjectSummary } from '../../../api/answers.ts';

const KINDS: readonly ProjectSummary['kind'][] = ['labelling', 'dataset', 'orders'];

/** Projects in which each word of the search is found (title, number, Label Studio, state, generator): labelling projects first, then by title. */
export function matchProjects(projects: readonly ProjectSummary[], search: string): readonly ProjectSummary[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = projects.filter(({ title, id, host, state, generator }) => {
    const text = `${title} ${id} ${host} ${state} ${generator}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
  const order = new Intl.Collator(undefined, { numeric: true });
  return found.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || order.compare(a.title, b.title));
}
