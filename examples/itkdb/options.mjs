// What can be said on the command line. Nothing of it is a secret: access codes come from the environment, and no default
// shows them.

import { parseArgs } from 'node:util';

export const help = `Lists the components of a type out of the ITk production database. It only reads.

Usage: npm start -- [options]

Without --real it starts a database on this machine and lists from there.

  --type CODE       the component type; default MODULE
  --project CODE    the project; default P
  --limit N         the most components that are listed; default all
  --page-size N     components of a page; default 100
  --cache           keep answers for an hour in ./.webcache
  --save-auth FILE  keep the login in FILE (0600, without the access codes) for the next program
  --times N         list N times, each time as a new program would; default 1
  --real            the database that the environment names, production by default:
                    ITKDB_ACCESS_CODE1 and ITKDB_ACCESS_CODE2, or a login in --save-auth;
                    ITKDB_API_URL, ITKDB_AUTH_URL for another instance
  --help            this text

Components go to the standard output, what is told of the way to the standard error.
The exit code is 0 when all was listed, 1 when something failed, 2 when the options or settings make no sense,
130 after Ctrl-C.
On a terminal the progress is one line, drawn again and again; NO_COLOR is respected.`;

/** The program was called wrongly. */
export class UsageError extends Error {}

/** @throws UsageError that says what is wrong with the arguments */
export function readOptions(args) {
  const { limit, times, 'page-size': pageSize, 'save-auth': saveAuth, ...values } = parse(args);
  if (saveAuth === '') throw new UsageError('--save-auth must name a file');
  const counts = { limit: count('limit', limit), times: count('times', times), pageSize: count('page-size', pageSize) };
  return { ...values, ...counts, saveAuth };
}

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };

function parse(args) {
  const options = {
    type: { type: 'string', default: 'MODULE' },
    project: { type: 'string', default: 'P' },
    limit: text,
    'page-size': { type: 'string', default: '100' },
    cache: flag,
    'save-auth': text,
    times: { type: 'string', default: '1' },
    real: flag,
    help: flag,
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message, { cause: error });
  }
}

function count(name, value) {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} must be a whole number above 0`);
}
