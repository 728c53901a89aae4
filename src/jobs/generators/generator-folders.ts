import { randomUUID } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatasetGanError } from '../../errors.ts';
import { onDisk } from '../../on-disk.ts';
import { listProjects, updateProject } from '../../store/projects.ts';
import type { Project } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Generator } from '../../stylegan/generator.ts';
import { type GeneratorCard, generatorCardSchema } from '../../stylegan/generator-card.ts';
import type { GeneratorLibrary } from '../../stylegan/library.ts';
import { writeFileWhole } from '../../write-whole.ts';

/** Where generators are kept and who uses them. */
export interface GeneratorPlace {
  readonly db: Store['db'];
  readonly library: GeneratorLibrary;
  /** The user's own generators; bundled ones are elsewhere. */
  readonly generators: string;
}

/**
 * Gives an imported generator another name; its id, and so every picture, version and dataset of it, stays. Projects that name it follow. Its folder stays
 * where it is, since what runs with it reads from there. Its card outlives a power cut: without one it is no longer a generator.
 * @throws DatasetGanError `unknown-generator`, `bad-request` for a bundled one, a name that is taken or malformed, or a folder that cannot be written
 */
export async function renameGenerator(place: GeneratorPlace, name: string, newName: string): Promise<GeneratorCard> {
  const generator = await ownGenerator(place, name);
  const parsed = generatorCardSchema.safeParse({ ...generator.card, name: newName });
  if (!parsed.success)
    throw new DatasetGanError('bad-request', `'${newName}' is not a valid name for a generator.`, {
      fix: 'Use 1 to 64 characters of a-z 0-9 . _ - and begin with a letter or digit.',
    });
  const { generators } = await place.library.list();
  if (newName !== name && generators.some(({ card }) => card.name === newName))
    throw new DatasetGanError('bad-request', `A generator '${newName}' already exists.`, { fix: 'Choose another name.' });
  const users = await usersOf(place, generator.card);
  const file = join(generator.folder, 'generator.json');
  const card = { ...(JSON.parse(await readFile(file, 'utf8')) as object), name: newName };
  await onDisk(file, () => writeFileWhole(file, `${JSON.stringify(card, null, 1)}\n`, { outlives: 'power-cut' }));
  for (const { key } of users) await updateProject(place.db, key, { generator: newName });
  return parsed.data;
}

/**
 * Removes an imported generator that no project uses. It vanishes at once.
 * @throws DatasetGanError `unknown-generator`, `bad-request` for a bundled one, one in use, with the projects' names, or one that cannot be moved
 */
export async function removeGenerator(place: GeneratorPlace, name: string): Promise<GeneratorCard> {
  const { card, folder } = await ownGenerator(place, name);
  const users = await usersOf(place, card);
  if (users.length > 0) {
    const titles = users.map(({ title, ls_id }) => `'${title}' (${ls_id})`).join(', ');
    throw new DatasetGanError('bad-request', `These projects use the generator '${card.name}': ${titles}.`, {
      fix: 'First disconnect these projects or delete them in Label Studio.',
    });
  }
  const away = join(place.generators, `.removed-${randomUUID()}`);
  await onDisk(folder, () => rename(folder, away));
  await rm(away, { recursive: true });
  return card;
}

/** Projects that use the generator, those of datasets and orders too. */
export async function usersOf({ db }: Pick<GeneratorPlace, 'db'>, card: GeneratorCard): Promise<Project[]> {
  const projects = await listProjects(db);
  return projects.filter(({ generator, state }) => state !== 'gone' && (generator === card.name || generator === card.id));
}

async function ownGenerator({ library, generators }: GeneratorPlace, name: string): Promise<Generator> {
  const generator = await library.find(name);
  if (isOwn(generator, generators)) return generator;
  throw new DatasetGanError('bad-request', `The generator '${name}' is bundled with the product.`, {
    fix: 'Only imported generators can be renamed or removed.',
  });
}

/** Whether somebody imported it; the others come with the product. */
export function isOwn({ folder }: Generator, generators: string): boolean {
  return resolve(dirname(folder)) === resolve(generators);
}
