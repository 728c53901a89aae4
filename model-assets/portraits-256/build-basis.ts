/** Learns the feature basis of this generator and leaves it here: `rm -f basis.safetensors; node model-assets/portraits-256/build-basis.ts`. */
import { fileURLToPath } from 'node:url';
import { Engine } from '../../src/engine/engine.ts';
import { ensureBasisTask } from '../../src/interpreter/features/basis-file.ts';
import { openGenerator } from '../../src/stylegan/generator.ts';

const engine = new Engine({ threads: 2, memoryLimit: 4e9 });
const generator = await openGenerator(fileURLToPath(new URL('.', import.meta.url)));
console.log(await engine.run(ensureBasisTask, { generator }, { lane: 'batch' }));
await engine.close();
