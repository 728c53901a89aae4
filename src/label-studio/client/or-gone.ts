import { DatasetGanError } from '../../errors.ts';

/** A deletion whose object is gone already (a repeated request, another user) has reached its aim. */
export async function orGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (thrown) {
    if (!(thrown instanceof DatasetGanError && thrown.code === 'label-studio-gone')) throw thrown;
  }
}
