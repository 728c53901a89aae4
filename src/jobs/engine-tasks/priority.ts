import { INTERACTIVE_PRIORITY } from '../../engine/engine.ts';

/**
 * Order inside a lane of the engine. Training goes before synthesis at the next image. `look`: somebody pages through pictures. Those below `train`
 * rise while they wait (AgeingQueue): whoever turns pages for long delays a validation by half a minute.
 */
export const PRIORITY = {
  interactive: INTERACTIVE_PRIORITY,
  train: 50,
  look: 45,
  refresh: 40,
  validate: 20,
  synthesize: 10,
} as const;
