// What went wrong with a key, as the caller sees it.
import { SmartKeyError } from '../../src/index.js';

/** What `work` fails with. */
export async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('Expected a failure');
}

/** The `problem` of the SmartKeyError that `work` fails with; of anything else the error itself. */
export async function problemOf(work: () => unknown): Promise<unknown> {
  const error = await failureOf(work);
  return error instanceof SmartKeyError ? error.problem : error;
}
