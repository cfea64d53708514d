// Processes of a fleet: each runs worker.mjs in a role, and tells what it sees.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export { inFolder, killed } from '@axios-authorizer/test-kit';

const script = join(dirname(fileURLToPath(import.meta.url)), 'worker.mjs');

/** A process that is ready to begin when it is sent a message. */
export async function hire(role, settings) {
  const child = fork(script, [role, JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await messageOf(child);
  return child;
}

/** The next message. @throws when the process ends instead */
export async function messageOf(child) {
  const left = new AbortController();
  const { signal } = left;
  const ended = once(child, 'exit', { signal }).then(([code, by]) => {
    throw new Error(`A process of the fleet ended: ${code ?? by}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => undefined);
    left.abort();
  }
}
