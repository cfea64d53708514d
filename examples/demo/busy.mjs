// A busy machine: one process per core that does nothing but take time.

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('burn.mjs', import.meta.url));

/** They end with this process, however it ends, and do not keep it. */
export function burn() {
  for (let core = 0; core < availableParallelism(); core += 1) {
    const child = fork(PROGRAM, { stdio: 'ignore' });
    child.unref();
    child.channel.unref();
  }
}
