// Says what is going on when it takes longer than a second, on stderr, to a person alone.
import type { Terminal } from './terminal.js';

const PATIENCE_MS = 1_000;
const CLEAR_LINE = '\r\u001B[K';

/** Does `work`; a person is told what it is when it takes longer than a second. */
export async function withProgress<T>(terminal: Terminal, what: string, work: () => Promise<T>): Promise<T> {
  if (!terminal.stderr.isTerminal) return work();
  let shown: Promise<void> | undefined;
  const timer = setTimeout(() => {
    shown = terminal.stderr.write(`${what} …`).catch(() => undefined);
  }, PATIENCE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (shown) await shown.then(() => terminal.stderr.write(CLEAR_LINE)).catch(() => undefined);
  }
}
