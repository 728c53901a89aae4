import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatasetGanError, toError } from '../errors.ts';
import { type Generator, openGenerator } from './generator.ts';

export interface LibraryOptions {
  /** Brings a generator of that id from elsewhere into one of the roots; false when it has none. */
  readonly fetch?: (id: string) => Promise<boolean>;
  /** Folder with a place for each generator whose own folder cannot be written. */
  readonly spare?: string;
}

/** The generators in a list of folders (the bundled ones, the user's own). Each is opened once and then kept until it changes. */
export class GeneratorLibrary {
  readonly #roots: readonly string[];
  readonly #fetch: (id: string) => Promise<boolean>;
  readonly #spare: string | undefined;
  readonly #opened = new Map<string, { readonly written: string; readonly generator: Promise<Generator> }>();

  /** @param roots folders of generator folders; on equal names the earlier root wins. One that does not exist is empty. */
  constructor(roots: readonly string[], { fetch = async () => false, spare }: LibraryOptions = {}) {
    this.#roots = roots;
    this.#fetch = fetch;
    this.#spare = spare;
  }

  /** All generators that can be opened, in the order of the roots, then of their names; and what is wrong with the others. */
  async list(): Promise<{ generators: Generator[]; problems: { folder: string; error: DatasetGanError }[] }> {
    const generators: Generator[] = [];
    const problems: { folder: string; error: DatasetGanError }[] = [];
    for (const folder of await this.#folders()) {
      try {
        generators.push(await this.#open(folder));
      } catch (thrown) {
        problems.push({ folder, error: toError(thrown) });
      }
    }
    return { generators, problems };
  }

  /**
   * The generator of that name or id.
   * @throws DatasetGanError `unknown-generator` that names the known ones; `bad-generator` or `corrupt-file` if its folder is damaged
   */
  async find(nameOrId: string): Promise<Generator> {
    const { generators, problems } = await this.list();
    const found = generators.find(({ card }) => card.name === nameOrId || card.id === nameOrId);
    if (found !== undefined) return found;
    const problem = problems.find(({ folder }) => basename(folder) === nameOrId);
    if (problem !== undefined) throw problem.error;
    if (await this.#fetch(nameOrId)) return await this.find(nameOrId);
    const known = generators.map(({ card }) => card.name).join(', ') || 'none';
    throw new DatasetGanError('unknown-generator', `There is no generator '${nameOrId}'.`, { fix: `Available: ${known}.` });
  }

  async #open(folder: string): Promise<Generator> {
    // A folder of that name may be another generator by now.
    const written = await stat(join(folder, 'generator.json')).then(
      ({ mtimeMs, ino }) => `${ino} ${mtimeMs}`,
      () => 'missing',
    );
    const known = this.#opened.get(folder);
    if (known?.written === written) return known.generator;
    const generator = this.#withSpare(openGenerator(folder));
    this.#opened.set(folder, { written, generator });
    // A damaged folder may be fixed while we run.
    generator.catch(() => this.#opened.delete(folder));
    return generator;
  }

  async #withSpare(opening: Promise<Generator>): Promise<Generator> {
    const generator = await opening;
    return this.#spare === undefined ? generator : { ...generator, spareFolder: join(this.#spare, generator.card.id) };
  }

  async #folders(): Promise<string[]> {
    const folders: string[] = [];
    for (const root of this.#roots) {
      const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
      folders.push(...names.sort().map((name) => join(root, name)));
    }
    return folders;
  }
}
