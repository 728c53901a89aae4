import { join, resolve } from 'node:path';

/** Everything that a demo keeps. */
export const demoFolder = (dataDir: string): string => resolve(dataDir, 'demo');

/** Data folder of the demo's server, in the demo's folder. */
export const demoServerFolder = (demo: string): string => join(demo, 'server');

/** Data folder of the Label Studio that the demo runs where none is configured. */
export const demoLabelStudioFolder = (demo: string): string => join(demo, 'label-studio');
