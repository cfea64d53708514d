// What can be said on the command line; read as that of the other benchmarks.

export { readOptions } from '../options.mjs';

export const help = `The same scenarios for this family and for the libraries that people use today.

Usage: npm run bench:peers -- [options]

  --only NAME    one scenario, printed; the page is left alone
  --smoke        every scenario and every client, quickly, and the page is left alone: does anything throw?
  --json FILE    write the results there as well
  --help         this text`;
