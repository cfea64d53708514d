// Says what is going on when it takes longer than a second, on stderr, to a person alone.
import type { Terminal } from './terminal.js';

const PATIENCE_MS = 1_000;
const CLEAR_LINE = '\r\u001B[K';

/** Does `work`; a person is told what it is when it takes longer than a second. */
export async function withProgress<T>(terminal: Terminal, what: string, work: () => Promise<T>): Promise<T> {
  const { stderr, interrupted } = terminal;
  if (!stderr.isTerminal) return work();
  let shown: Promise<void> | undefined;
  const timer = setTimeout(() => {
    shown = stderr.write(`${what} …`).catch(() => undefined);
  }, PATIENCE_MS);
  const clear = async (): Promise<void> => {
    clearTimeout(timer);
    const isShown = shown !== undefined;
    shown = undefined;
    if (isShown) await stderr.write(CLEAR_LINE).catch(() => undefined);
  };
  // The process ends then without waiting for `work`, and what the shell prints next begins on this line.
  const clearNow = (): void => void clear();
  interrupted.addEventListener('abort', clearNow, { once: true });
  try {
    return await work();
  } finally {
    interrupted.removeEventListener('abort', clearNow);
    await clear();
  }
}
