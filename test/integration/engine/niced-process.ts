import { endProcess } from '../../../src/cli/end-process.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { priorityTask } from './tasks.ts';

/** Ends with the nice value that its batch lane computes at. */
const engine = new Engine({ threads: 1, memoryLimit: 1e9 });
endProcess(await engine.run(priorityTask, null, { lane: 'batch' }));
