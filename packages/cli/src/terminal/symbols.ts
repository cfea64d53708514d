// The characters that stand for something: ASCII where the terminal says that it can show no others.
import type { Output, Terminal } from './terminal.js';

export interface Symbols {
  readonly marks: Readonly<Record<'ok' | 'warning' | 'failure' | 'skipped', string>>;
  /** Of a bar. */
  readonly full: string;
  readonly empty: string;
  readonly ellipsis: string;
}

const UNICODE: Symbols = {
  marks: { ok: '✔', warning: '!', failure: '✖', skipped: '–' },
  full: '█',
  empty: '░',
  ellipsis: '…',
};
const ASCII: Symbols = {
  marks: { ok: '+', warning: '!', failure: 'x', skipped: '-' },
  full: '#',
  empty: '.',
  ellipsis: '...',
};

/** A pipe and a file get UTF-8; so does a terminal whose locale nobody set, unless it is the console of Linux. */
export function symbolsOf({ env }: Pick<Terminal, 'env'>, { isTerminal }: Pick<Output, 'isTerminal'>): Symbols {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const isPlain = locale === '' ? env['TERM'] === 'linux' : !/utf-?8/i.test(locale);
  return isTerminal && isPlain ? ASCII : UNICODE;
}
