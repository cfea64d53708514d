// Lists components, page after page. It says nothing of tokens: the client logs in when it must, again before the login
// ends, and retries the 401 of one that was taken back, so that a list may take longer than a login lives.

import { createItkdbClient, isResponseException, paginate } from '@axios-authorizer/itkdb-user';
import { isCancel } from 'axios';
import { openDatabase } from './database.mjs';
import { help, readOptions, UsageError } from './options.mjs';
import { number, startProgress } from './progress.mjs';

const INTERRUPTED = 130;
const LONGEST_TEXT = 500;

async function main(signal) {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  const database = await openDatabase(options);
  const view = startProgress();
  try {
    for (let time = 1; time <= options.times; time += 1) await list(database, { options, view, signal });
    return 0;
  } finally {
    view.stop();
    await database.stop();
  }
}

async function list({ connection }, { options, view, signal }) {
  const counts = { items: 0, pages: 0, cached: 0, logins: 0, retried: 0 };
  const session = sessionOf(connection, { options, counts, view });
  const { type: componentType, project, pageSize, limit } = options;
  const request = { url: 'listComponents', data: { project, componentType }, signal };
  for await (const component of paginate(session, request, { pageSize, limit, onProgress: view.page })) {
    counts.items += 1;
    print(component, view);
  }
  view.stop();
  view.say(summary(session.user, counts));
}

function sessionOf(connection, { options, counts, view }) {
  const { cache, saveAuth } = options;
  const observer = countingObserver(counts, view);
  const caching = cache ? { cache: true, expiresAfter: { hours: 1 } } : {};
  const session = createItkdbClient({ ...connection, ...caching, saveAuth, observer });
  session.interceptors.response.use((response) => {
    counts.pages += 1;
    if (response.cached) counts.cached += 1;
    return response;
  });
  return session;
}

/** Events never hold a secret. */
function countingObserver(counts, view) {
  return ({ type, status = 0, message, adopted }) => {
    if (type === 'acquired' && !adopted) counts.logins += 1;
    if (type === 'resent' && status >= 200 && status < 400) counts.retried += 1;
    if (type === 'notice') view.say(`note: ${plain(message)}`);
  };
}

function print({ serialNumber, code, componentType, state }, view) {
  if (process.stdout.isTTY === true) view.hide();
  const columns = [serialNumber ?? '-', code ?? '-', componentType?.code ?? componentType ?? '-', state ?? '-'];
  console.log(columns.map((text) => plain(String(text))).join('\t'));
}

function summary({ name }, { items, pages, cached, logins, retried }) {
  const login = logins === 0 ? 'with a saved login' : `logins: ${logins}`;
  return `${number(items)} components for ${plain(name)}; pages: ${pages}, cached: ${cached}; ${login}, 401s retried: ${retried}`;
}

/** One line that does nothing to a terminal: it comes from a server. */
function plain(text) {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

/** The first Ctrl-C ends the list, the second the program. */
function interruption() {
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    abort.abort();
  });
  return abort.signal;
}

function exitCode(error, signal) {
  if (signal.aborted && isCancel(error)) return INTERRUPTED;
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message} (--help tells more)` : `${whatFailed(error)}: ${plain(error.message)}`);
  return isUsage || error.kind === 'configuration' ? 2 : 1;
}

/** `kind` says what to do: "credentials", "session", "unavailable", "configuration". */
function whatFailed(error) {
  if (isResponseException(error)) return `The database refused (${error.name})`;
  return error.kind === undefined ? 'The list failed' : `The login failed (${error.kind})`;
}

const signal = interruption();
process.stdout.on('error', () => process.exit(1)); // nobody reads any more
process.exitCode = await main(signal).catch((error) => exitCode(error, signal));
