import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { BASIS_FILE, ensureBasisTask, hasBasis, readBasis } from '../../../src/interpreter/features/basis-file.ts';
import { removeGenerator, renameGenerator } from '../../../src/jobs/generators/generator-folders.ts';
import { stylegan2Graphs } from '../../../src/stylegan/graph/stylegan2.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { writeGenerator } from '../../../src/stylegan/write-generator.ts';
import { has, mountSmallDisk } from '../../support/needs.ts';
import { TINY_SETTINGS, tinyStylegan2 } from '../../support/tiny-stylegan2.ts';
import { testState } from '../store/test-store.ts';

const root = mkdtempSync(join(tmpdir(), 'read-only-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Each time by an engine that remembers nothing. */
async function ensureBasis(generators: string, spare?: string) {
  const engine = new Engine({ threads: 1, memoryLimit: 2e9 });
  const generator = await new GeneratorLibrary([generators], spare === undefined ? {} : { spare }).find('tiny');
  try {
    return { generator, basis: await engine.run(ensureBasisTask, { generator }, { lane: 'batch' }) };
  } finally {
    await engine.close();
  }
}

/** Calls `work` with a folder of one generator whose disk is read-only by now. */
async function onReadOnlyDisk(work: (generators: string, folder: string) => Promise<void>): Promise<void> {
  const generators = mkdtempSync(join(root, 'generators-'));
  const tensors = tinyStylegan2({ channels: [8, 8, 8, 8] });
  const described = { psi: 1, cutoff: null, source: 'random', licence: 'none', commercialUse: false, note: '' };
  mountSmallDisk(generators, '4M');
  try {
    const folder = join(generators, 'tiny');
    await writeGenerator(folder, tensors, stylegan2Graphs(tensors, TINY_SETTINGS), { name: 'tiny', ...described });
    execFileSync('mount', ['-o', 'remount,ro', generators]);
    await work(generators, folder);
  } finally {
    execFileSync('umount', [generators]);
  }
}

test.runIf(has('smallDisk'))('the basis of a generator on a read-only disk is kept in the spare folder, and is the same', () =>
  onReadOnlyDisk(async (generators, folder) => {
    const before = readdirSync(folder);
    await expect(ensureBasis(generators)).rejects.toThrow('EROFS');

    const spare = join(root, 'spare');
    const { generator, basis } = await ensureBasis(generators, spare);
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(join(spare, generator.card.id, BASIS_FILE))).toBe(true);
    expect(hasBasis(generator)).toBe(true);
    expect(await readBasis(generator)).toMatchObject(basis);

    execFileSync('mount', ['-o', 'remount,rw', generators]);
    expect((await ensureBasis(generators)).basis).toEqual(basis);
    expect(readdirSync(folder)).toContain(BASIS_FILE);
  }),
);

test.runIf(has('smallDisk'))('a generator on a read-only disk is neither renamed nor removed, and the error says why', () =>
  onReadOnlyDisk(async (generators, folder) => {
    const state = await testState('embedded');
    try {
      const { db, close } = await state.open();
      const place = { db, generators, library: new GeneratorLibrary([generators]) };
      const refusal = { code: 'bad-request', message: expect.stringMatching(`^${folder}.* cannot be written: EROFS`) };
      await expect(renameGenerator(place, 'tiny', 'small')).rejects.toMatchObject(refusal);
      await expect(removeGenerator(place, 'tiny')).rejects.toMatchObject(refusal);
      expect((await place.library.find('tiny')).folder).toBe(folder);
      await close();
    } finally {
      await state.remove();
    }
  }),
);
