// What can be said on the command line.

import { parseArgs } from 'node:util';

export const help = `The same scenarios for this family and for the libraries that people use today.

Usage: npm run bench:peers -- [options]

  --only NAME    one scenario, printed; the page is left alone
  --smoke        every scenario and every client, quickly, and the page is left alone: does anything throw?
  --json FILE    write the results there as well
  --help         this text`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args, names) {
  const { values } = parseArgs({
    args,
    options: {
      smoke: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.only !== undefined && !names.includes(values.only)) {
    throw new Error(`--only must be one of ${names.join(', ')}`);
  }
  return values;
}
