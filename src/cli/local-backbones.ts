import { join } from 'node:path';
import { Engine } from '../engine/engine.ts';
import { readSettings, type Settings } from '../settings.ts';

/** The backbones on this machine, and an engine to run them. */
export interface LocalBackbones {
  readonly settings: Settings;
  readonly engine: Engine;
  /** Folder of their folders. */
  readonly root: string;
}

/** Gives `work` the backbones of DATA_DIR and closes the engine afterwards. */
export async function withBackbones<T>(work: (local: LocalBackbones) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  const engine = new Engine({ threads: settings.engineThreads, memoryLimit: settings.memoryLimit });
  try {
    return await work({ settings, engine, root: join(settings.dataDir, 'backbones') });
  } finally {
    await engine.close();
  }
}
