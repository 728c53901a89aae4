import type { Asked } from '../../api/backend.ts';
import type { RunOptions } from '../../engine/engine.ts';
import { PRIORITY } from './priority.ts';

/**
 * Where an answer with a picture is computed. Whoever waits for it has the interactive lane. The many of a page are made in the batch lane, side by side:
 * there a training begins at the next picture, and what runs in the interactive lane has the cores first.
 */
export function laneFor({ patient = false, signal }: Asked): { readonly picture: RunOptions; readonly codec: RunOptions } {
  return patient
    ? {
        picture: { lane: 'batch', priority: PRIORITY.look, spread: true, signal },
        codec: { lane: 'codec', priority: PRIORITY.look, signal },
      }
    : {
        picture: { lane: 'interactive', priority: PRIORITY.interactive, signal },
        codec: { lane: 'codec', priority: PRIORITY.interactive, signal },
      };
}
