// Says what is going on when it takes longer than a second, on stderr, to a person alone.
import { symbolsOf } from './symbols.js';
import type { Terminal } from './terminal.js';

const PATIENCE_MS = 1_000;
const CLEAR_LINE = '\r\u001B[K';

/** Does `work`; a person is told what it is when it takes longer than a second, unless something is being asked. */
export async function withProgress<T>(terminal: Terminal, what: string, work: () => Promise<T>): Promise<T> {
  const { stderr, interrupted, asking } = terminal;
  if (!stderr.isTerminal) return work();
  const line = new ProgressLine(`${what} ${symbolsOf(terminal, stderr).ellipsis}`, terminal);
  // The process ends then without waiting for `work`, and what the shell prints next begins on this line.
  const clearNow = (): void => void line.clear();
  interrupted.addEventListener('abort', clearNow, { once: true });
  asking.onOpen = () => line.begin();
  void line.begin();
  try {
    return await work();
  } finally {
    asking.onOpen = undefined;
    interrupted.removeEventListener('abort', clearNow);
    await line.clear();
  }
}

class ProgressLine {
  readonly #text: string;
  readonly #terminal: Pick<Terminal, 'stderr' | 'asking'>;
  #timer: NodeJS.Timeout | undefined;
  #isShown = false;

  constructor(text: string, terminal: Pick<Terminal, 'stderr' | 'asking'>) {
    this.#text = text;
    this.#terminal = terminal;
  }

  /** From now on it is a second. */
  begin(): Promise<void> {
    const cleared = this.clear();
    this.#timer = setTimeout(() => this.#show(), PATIENCE_MS);
    return cleared;
  }

  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    const { stderr } = this.#terminal;
    const wasShown = this.#isShown;
    this.#isShown = false;
    if (wasShown) await stderr.write(CLEAR_LINE).catch(() => undefined);
  }

  #show(): void {
    const { asking, stderr } = this.#terminal;
    if (asking.isOpen) return void this.begin();
    this.#isShown = true;
    stderr.write(this.#text).catch(() => undefined);
  }
}
