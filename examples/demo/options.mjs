// What can be said on the command line.

import { parseArgs } from 'node:util';
import { faults } from './faults.mjs';

/** The outage needs its token's whole lifetime of eight seconds. */
const SHORTEST_SECONDS = 8;
const LONGEST_SECONDS = 600;

export const help = `Runs axios clients against real servers on this machine while their tokens expire, are revoked and rejected.

Usage: npm run demo -- [options]

  --seconds N    how long to run, ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}; default 10; a busy machine takes up to six times as long,
                 and twice that where it became busy during the run
  --busy         with a process beside it that burns each core
  --broken NAME  with authorizers that are broken on purpose, so that promises must break: alone, a new one for
                 each request; late, nothing is refreshed before it expires
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
      busy: { type: 'boolean', default: false },
      broken: { type: 'string' },
      'no-html': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)) {
    throw new Error(`--seconds must be a number from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}`);
  }
  const { broken, busy, html } = values;
  if (broken !== undefined && !Object.hasOwn(faults, broken)) {
    throw new Error(`--broken must be one of ${Object.keys(faults).join(', ')}`);
  }
  const fault = broken === undefined ? undefined : faults[broken];
  return { seconds, busy, fault, html: values['no-html'] ? undefined : html, help: values.help };
}
