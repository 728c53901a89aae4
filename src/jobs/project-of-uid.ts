import { findProjectsByLsId } from '../store/projects.ts';
import type { Project } from '../store/schema.ts';
import type { Product } from './product.ts';

/** Label Studio's ids are 32-bit integers. */
const LARGEST_ID = 2 ** 31 - 1;

/** `<id>.<created_at unix seconds>`, as Label Studio names a project in /setup and /predict. */
export function parseUid(uid: string): { lsId: number; createdAtUnix: number } | undefined {
  const [, id, seconds] = /^(\d{1,10})\.(\d{1,12})$/.exec(uid) ?? [];
  if (id === undefined || Number(id) > LARGEST_ID) return undefined;
  return { lsId: Number(id), createdAtUnix: Number(seconds) };
}

/** The project of that uid; ids of several Label Studios are told apart by the time of creation. */
export async function projectOfUid(product: Product, uid: string): Promise<Project | undefined> {
  const parsed = parseUid(uid);
  if (parsed === undefined) return undefined;
  const projects = await findProjectsByLsId(product.store.db, parsed.lsId);
  return projects.find((project) => project.created_at_unix === parsed.createdAtUnix);
}
