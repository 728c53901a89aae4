import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Genuine checkpoints with random weights and the numbers that the original programs computed of them; where there are none, their tests are skipped. */
export const CHECKPOINTS = process.env.CHECKPOINTS_DIR ?? join(import.meta.dirname, '../../../shared/checkpoints');

export const haveCheckpoints = existsSync(join(CHECKPOINTS, 'ada_skip.pkl'));
if (!haveCheckpoints)
  console.warn(
    `No checkpoints in ${CHECKPOINTS}: tests against the original programs' numbers are skipped. Set CHECKPOINTS_DIR.`,
  );
