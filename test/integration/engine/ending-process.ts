import { fileURLToPath } from 'node:url';
import { endProcess } from '../../../src/cli/end-process.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { GeneratorLibrary } from '../../../src/stylegan/library.ts';
import { synthesizeImageTask } from '../../../src/stylegan/synthesize-image.ts';

/** Makes pictures without a pause, in a process of its own, and ends while it does. */
const generator = await new GeneratorLibrary([fileURLToPath(new URL('../../../model-assets', import.meta.url))]).find(
  'portraits-256',
);
const engine = new Engine({ threads: 1, memoryLimit: 8e9 });
const image = { generator: generator.card.id, class: null, psi: 1, cutoff: null };
const make = (seed: number) => engine.run(synthesizeImageTask, { generator, image: { ...image, seed } }, { lane: 'batch' });
await make(0);
for (let seed = 1; seed < 500; seed++) make(seed).catch(() => undefined);
setTimeout(() => void endProcess(3), 100);
