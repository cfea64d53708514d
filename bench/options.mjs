// What can be said on the command line.

import { parseArgs } from 'node:util';

export const help = `Token storms and the cost of a request, beside the libraries that people use today.

Usage: npm run bench -- [options]

  --smoke        our numbers only, in about half a minute; the exit code is 1 when a count misses its bar,
                 times are told and judged by a full run or with --only
  --only NAME    one measurement: b, c1, c2, d, d2, e, f, g, rotation, rollover, overhead, import, help, srp
                 or verify
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
