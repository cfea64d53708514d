// Colours where a person looks at a screen and has not said NO_COLOR (no-color.org). A pipe gets plain text.
import picocolors from 'picocolors';
import type { Output, Terminal } from './terminal.js';

/** The colours that are used, each a function that wraps a text. */
export type Colours = Pick<typeof picocolors, 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'>;

/** The colours of one output of the terminal. */
export function coloursOf(terminal: Pick<Terminal, 'env'>, output: Pick<Output, 'isTerminal'>): Colours {
  const { NO_COLOR, TERM } = terminal.env;
  return picocolors.createColors(output.isTerminal && !NO_COLOR && TERM !== 'dumb');
}
