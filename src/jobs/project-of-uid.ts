import { findProjectsByLsId } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';

/** `<id>.<created_at unix seconds>`, as Label Studio names a project in /setup and /predict. */
export function parseUid(uid: string): { lsId: number; createdAtUnix: number } | undefined {
  const match = /^(\d{1,10})\.(\d{1,12})$/.exec(uid);
  return match === null ? undefined : { lsId: Number(match[1]), createdAtUnix: Number(match[2]) };
}

/** The project of that uid; ids of several Label Studios are told apart by the time of creation. */
export async function projectOfUid(product: Product, uid: string): Promise<Project | undefined> {
  const parsed = parseUid(uid);
  if (parsed === undefined) return undefined;
  const projects = await findProjectsByLsId(product.store.db, parsed.lsId);
  return projects.find((project) => project.created_at_unix === parsed.createdAtUnix);
}
