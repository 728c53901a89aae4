import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Engine } from '../../../../src/engine/engine.ts';
import type { Generator } from '../../../../src/stylegan/generator.ts';
import { openPortraits } from './portraits.ts';

/** An engine, portraits-256, and a folder for what a test file makes of them. Closed and removed after its tests. */
export async function portraitsEngine(): Promise<{
  readonly engine: Engine;
  readonly generator: Generator;
  readonly folder: string;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'portraits-engine-'));
  const engine = new Engine({ threads: 2, memoryLimit: 4e9 });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  return { engine, generator: await openPortraits(), folder };
}
