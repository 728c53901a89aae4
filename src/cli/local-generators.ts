import { join } from 'node:path';
import { Engine } from '../engine/engine.ts';
import { BUNDLED_GENERATORS } from '../jobs/open-product.ts';
import { readSettings, type Settings } from '../settings.ts';
import { GeneratorLibrary } from '../stylegan/library.ts';

/** The generators on this machine, and an engine to run them, for commands that need no server. */
export interface LocalGenerators {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly library: GeneratorLibrary;
  /** The user's own generators. */
  readonly folder: string;
}

/** Gives `work` the generators of DATA_DIR and closes the engine afterwards. */
export async function withGenerators<T>(work: (local: LocalGenerators) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  const folder = join(settings.dataDir, 'generators');
  const engine = new Engine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
  try {
    return await work({ settings, engine, folder, library: new GeneratorLibrary([BUNDLED_GENERATORS, folder]) });
  } finally {
    await engine.close();
  }
}
