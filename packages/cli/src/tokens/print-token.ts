// `token`: a good token on stdout.
import { findService } from '../services/service.js';
import type { Selection } from '../services/service.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { bearerOf } from './bearer.js';
import { formatted, masked } from './formats.js';
import type { Format } from './format-names.js';

export interface PrintOptions {
  readonly format: Format;
  readonly variable: string;
  /** Shows it on a screen too. */
  readonly show?: boolean;
  /** Asks for a new one. */
  readonly refresh?: boolean;
}

/** A name that a shell takes for a variable. */
const VARIABLE = /^[A-Za-z_]\w*$/;

export async function printToken(selection: Selection, options: PrintOptions, terminal: Terminal): Promise<void> {
  assertVariable(options.variable);
  const service = await findService(selection, terminal);
  const token = await bearerOf(service, terminal, options.refresh ?? false);
  const isHidden = terminal.stdout.isTerminal && !options.show;
  await terminal.stdout.write(formatted(isHidden ? masked(token) : token, options, terminal));
  if (isHidden) await terminal.stderr.write('axios-authorizer: hidden on a screen; --show shows it, a pipe gets it\n');
}

/** @throws UsageError */
export function assertVariable(name: string): void {
  if (!VARIABLE.test(name)) throw new UsageError('--variable must be a name of letters, digits and "_"');
}
