// Some things have no promise to wait for: a request that has arrived at a server, a listener that was removed. Looking
// again after each turn of the event loop is exact and quick where a fixed sleep is neither.

import { setImmediate as turn } from 'node:timers/promises';

// Far beyond anything a loopback test needs, and still a clear message before the test runner's own limit on slow machines.
const limitMs = 60_000;

/**
 * Resolves once `condition` holds, looked at after every turn of the event loop.
 * @param what names the condition in the error after a minute of real time.
 */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) {
      throw new Error(`Waited ${limitMs / 1000} s in vain for ${what}`);
    }
    await turn();
  }
}
