// What can be said on the command line.

import { parseArgs } from 'node:util';

/** The outage needs its token's whole life of eight seconds. */
const SHORTEST_SECONDS = 8;
const LONGEST_SECONDS = 600;

export const help = `Runs axios clients against real servers on this machine while their tokens expire, are revoked and are refused.

Usage: npm run demo -- [options]

  --seconds N    how long to run, ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}; default 10
  --html FILE    where the page with the timeline goes; default ./demo.html
  --no-html      write no page
  --help         this text

The exit code is 0 when every promise of the table was kept, 1 when one was broken, 2 when the options make no sense.
Colour is used on a terminal unless NO_COLOR is set.`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      html: { type: 'string', default: 'demo.html' },
      'no-html': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)) {
    throw new Error(`--seconds must be a number from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}`);
  }
  return { seconds, html: values['no-html'] ? undefined : values.html, help: values.help };
}
