import { DatasetGanError } from '../../errors.ts';
import { getProject, type Project as LabelStudioProject, projectUid } from '../../label-studio/client/projects.ts';
import type { Connection } from '../../label-studio/connection/connection.ts';
import type { LabelConfig } from '../../label-studio/label-config/label-config.ts';
import { parseLabelConfig } from '../../label-studio/label-config/parse-label-config.ts';
import { findProjectsByLsId, requireProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import { classOfSeed } from '../../stylegan/class-rule.ts';
import type { Generator } from '../../stylegan/generator.ts';
import type { ImageIdentity } from '../../stylegan/image-identity.ts';
import type { Links } from '../product/contexts.ts';
import type { Product } from '../product/product.ts';
import { hasPhotographs, nothingGenerated } from './photo-settings.ts';

/** A project of ours together with what Label Studio says of it right now. */
export interface LinkedProject {
  readonly row: Project;
  readonly connection: Connection;
  readonly found: LabelStudioProject;
}

/**
 * Fetches the project and checks that it is the one we know, before anything is written to it.
 * @throws DatasetGanError `unknown-project`, `label-studio-gone` (404, or known to be gone), `wrong-server` when a project of that number is
 * there but was created at another time, and the client's errors
 */
export async function linkProject(product: Links, key: string, signal?: AbortSignal): Promise<LinkedProject> {
  const row = await requireProject(product.store.db, key);
  if (row.state === 'gone') {
    throw new DatasetGanError('label-studio-gone', `Project ${row.ls_id} was deleted in Label Studio at ${row.host}.`, {
      fix: 'Connect another project. Versions and datasets of the deleted one are kept.',
    });
  }
  const connection = connectionOf(product, row.host);
  const found = await getProject(connection, row.ls_id, signal);
  if (projectUid(found) !== `${row.ls_id}.${row.created_at_unix}`) {
    throw new DatasetGanError('wrong-server', `${row.host} has a project ${row.ls_id}, but it is not the connected one.`, {
      fix: 'Set LABEL_STUDIO_URL to the address of the Label Studio that was connected.',
    });
  }
  return { row, connection, found };
}

export function connectionOf(product: Pick<Product, 'connections' | 'verifiedConnections'>, host: string): Connection {
  return product.verifiedConnections.get(host) ?? product.connections.at(host);
}

/** Whether there is a key for that Label Studio. */
export const isReachable = (product: Pick<Product, 'connections' | 'verifiedConnections'>, host: string): boolean =>
  product.verifiedConnections.has(host) || product.connections.has(host);

export const configOf = (project: Pick<Project, 'label_config'>): LabelConfig => parseLabelConfig(project.label_config);

/**
 * The project's generator; the first one known when none was named.
 * @throws DatasetGanError `unknown-generator`; `bad-request` for a project of photographs
 */
export async function generatorOf(
  product: Pick<Product, 'generators'>,
  project: Pick<Project, 'generator' | 'extra' | 'ls_id'>,
): Promise<Generator> {
  if (hasPhotographs(project)) throw nothingGenerated(project);
  return namedGenerator(product, project);
}

/** The generator of that name; the first one known for null. @throws DatasetGanError `unknown-generator` */
export async function namedGenerator(
  product: Pick<Product, 'generators'>,
  project: Pick<Project, 'generator'>,
): Promise<Generator> {
  if (project.generator !== null) return product.generators.find(project.generator);
  const { generators, problems } = await product.generators.list();
  if (generators[0] !== undefined) return generators[0];
  throw (
    problems[0]?.error ??
    new DatasetGanError('unknown-generator', 'No generator is installed.', {
      fix: 'Reinstall the product: its bundled generator is missing.',
    })
  );
}

/**
 * The picture a seed gives in this project: its psi and cutoff, or the generator's own, and the class by its rule.
 * @throws DatasetGanError `bad-request` when the generator has classes and the project no rule that fits
 */
export function imageOf(
  project: Pick<Project, 'psi' | 'cutoff' | 'class_rule'>,
  { card }: Generator,
  seed: number,
): ImageIdentity {
  const own = project.psi === null;
  return {
    generator: card.id,
    seed,
    class: classOfSeed(project.class_rule, card, seed),
    psi: project.psi ?? card.psi,
    cutoff: own ? card.cutoff : project.cutoff,
  };
}

/** `<id>.<created_at unix seconds>`, as Label Studio names a project in /setup and /predict. */
export function parseUid(uid: string): { lsId: number; createdAtUnix: number } | undefined {
  const match = /^(\d{1,10})\.(\d{1,12})$/.exec(uid);
  return match === null ? undefined : { lsId: Number(match[1]), createdAtUnix: Number(match[2]) };
}

/** The project of that uid; ids of several Label Studios are told apart by the time of creation. */
export async function projectOfUid(product: Pick<Product, 'store'>, uid: string): Promise<Project | undefined> {
  const parsed = parseUid(uid);
  if (parsed === undefined) return undefined;
  const projects = await findProjectsByLsId(product.store.db, parsed.lsId);
  return projects.find((project) => project.created_at_unix === parsed.createdAtUnix);
}
