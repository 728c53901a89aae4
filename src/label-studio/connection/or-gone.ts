import { AnswerError } from './failure.ts';

/** A deletion whose object is gone already (a repeated request, another user) has reached its aim. Some paths answer 404 with a web page. */
export async function orGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (thrown) {
    if (!(thrown instanceof AnswerError && thrown.answered === 404)) throw thrown;
  }
}
