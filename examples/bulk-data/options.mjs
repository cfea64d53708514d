// What can be said on the command line. Nothing of it is a secret: the key is named by its path.

import { parseArgs } from 'node:util';

export const help = `Exports the data of a FHIR server to NDJSON files (Bulk Data Access), with SMART Backend Services tokens.

Usage: npm start -- [options]

Without --base-url it starts a server on this machine, makes a key for it and exports from there.

  --base-url URL     the FHIR base
  --client-id ID     as it was registered
  --keys PATH        the private key: PEM, JWK or JWK Set, or a directory of them
  --sign-with KID    which of several keys signs; default the oldest
  --scope SCOPE      default system/*.rs
  --token-url URL    the token endpoint, for servers that do not publish it

  --group ID         export a group; default everything
  --type LIST        resource types, such as Patient,Observation; default all
  --since INSTANT    only what changed since, such as 2026-01-31T00:00:00Z
  --out DIR          where the files go; default ./bulk-export
  --allow-files URL  a further URL prefix that may see the token, for servers whose files lie elsewhere; repeatable
  --help             this text

The exit code is 0 when every file is complete, 1 when the export or a file failed, 2 when the options make no sense,
130 after Ctrl-C, which cancels the export at the server.
On a terminal each file's line is drawn again and again; colour is used unless NO_COLOR is set.`;

/** The program was called wrongly. */
export class UsageError extends Error {}

/** @throws UsageError that says what is wrong with the arguments */
export function readOptions(args) {
  const { since, type, ...values } = parse(args);
  if (values.help) return values;
  assertServer(values);
  for (const name of ['base-url', 'token-url', 'allow-files']) assertUrls(name, [values[name] ?? []].flat());
  return { ...values, since: instant(since), type: types(type) };
}

const text = { type: 'string' };

function parse(args) {
  const options = {
    'base-url': text,
    'client-id': text,
    keys: text,
    'sign-with': text,
    scope: { type: 'string', default: 'system/*.rs' },
    'token-url': text,
    group: text,
    type: text,
    since: text,
    out: { type: 'string', default: 'bulk-export' },
    'allow-files': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message, { cause: error });
  }
}

const SERVER = ['base-url', 'client-id', 'keys'];

/** A server is all three, or none of them. */
function assertServer(values) {
  const missing = SERVER.filter((name) => values[name] === undefined);
  if (missing.length === SERVER.length && values['token-url'] !== undefined)
    throw new UsageError('--token-url goes with --base-url, --client-id and --keys');
  if (missing.length > 0 && missing.length < SERVER.length) {
    throw new UsageError(`A server is named by --base-url, --client-id and --keys; missing: --${missing.join(', --')}`);
  }
}

function assertUrls(name, urls) {
  if (!urls.every((url) => URL.canParse(url))) throw new UsageError(`--${name} must be a URL`);
}

/** FHIR's instant: a date, a time and a zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function instant(since) {
  if (since === undefined || (INSTANT.test(since) && !Number.isNaN(Date.parse(since)))) return since;
  throw new UsageError('--since must be an instant with a zone, such as 2026-01-31T00:00:00Z');
}

function types(list) {
  if (list === undefined || /^[A-Z][A-Za-z]*(?:,[A-Z][A-Za-z]*)*$/.test(list)) return list;
  throw new UsageError('--type must be resource types with commas between them, such as Patient,Observation');
}
