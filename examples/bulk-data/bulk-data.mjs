// A bulk export from kick-off to the last file. It says nothing of tokens: the client fetches one when it is needed,
// replaces it while a long export goes on, and retries the 401 of one that was revoked between two files.

import { mkdir, readdir } from 'node:fs/promises';
import { isAuthenticationError } from '@axios-authorizer/core';
import { createSmartBackendClient, loadKeys } from '@axios-authorizer/smart-backend';
import { downloadAll } from './download.mjs';
import { cancel, kickOff, pollUntilDone } from './export-job.mjs';
import { describe } from './failure.mjs';
import { startLocalServer } from './local-server.mjs';
import { assertAllowed, NotAllowedError, readManifest } from './manifest.mjs';
import { help, readOptions, UsageError } from './options.mjs';
import { startProgress } from './progress.mjs';
import { reports, table } from './summary.mjs';

const INTERRUPTED = 130;

async function main(signal) {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  const server = await (options['base-url'] === undefined ? startLocalServer() : serverOf(options));
  const view = startProgress();
  try {
    await mkdir(options.out, { recursive: true, mode: 0o700 });
    return await exportFrom(server, { options, view, signal });
  } finally {
    view.stop();
    await server.stop();
  }
}

async function serverOf({ 'base-url': baseUrl, 'client-id': clientId, 'token-url': tokenUrl, ...values }) {
  const keys = await loadKeys(values.keys, { signWith: values['sign-with'] });
  return { baseUrl, clientId, tokenUrl, keys, stop: () => undefined };
}

async function exportFrom({ baseUrl, clientId, tokenUrl, keys }, { options, view, signal }) {
  const counts = { tokens: 0, retried: 0 };
  const allow = [baseUrl, ...options['allow-files']];
  const observer = countingObserver(counts, view);
  const auth = { baseUrl, clientId, tokenUrl, keys, scope: options.scope, allow, observer };
  const client = createSmartBackendClient(auth);
  signal.addEventListener('abort', () => view.say('Cancelling; Ctrl-C once more leaves at once.'));
  const startedAt = performance.now();
  const { results, transactionTime } = await run(client, { allow, options, view, signal });
  view.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`\n${table(results, { ...counts, seconds })}`);
  await tellRest(results, { ...options, transactionTime });
  return results.some(({ error }) => error) ? 1 : 0;
}

async function run(client, { allow, options, view, signal }) {
  const statusUrl = await kickOff(client, options);
  try {
    assertAllowed(statusUrl, allow);
    signal.throwIfAborted();
    view.say('The export has begun.');
    const manifest = await pollUntilDone(client, statusUrl, { signal, told: view.waiting });
    const { files, withToken, transactionTime } = readManifest(manifest, { statusUrl, allow });
    view.ready(
      `The export is ready; files, ${withToken ? 'for which the token is needed' : 'without a token'}: ${files.length}`,
    );
    const results = await downloadAll(client, files, { out: options.out, withToken, signal, view });
    signal.throwIfAborted();
    return { results, transactionTime };
  } catch (error) {
    // nobody would fetch what the server goes on to prepare
    if (signal.aborted || error instanceof NotAllowedError) await cancelled(client, statusUrl, view);
    throw error;
  }
}

async function cancelled(client, statusUrl, view) {
  try {
    await cancel(client, statusUrl);
    view.say('The export was cancelled.');
  } catch (error) {
    view.say(`The server could not be told that the export was cancelled: ${describe(error)}`);
  }
}

/** Events never hold a secret. */
function countingObserver(counts, view) {
  return ({ type, status = 0, message }) => {
    if (type === 'acquired') counts.tokens += 1;
    if (type === 'resent' && status >= 200 && status < 400) counts.retried += 1;
    if (type === 'notice') view.say(`note: ${message}`);
  };
}

async function tellRest(results, { out, transactionTime }) {
  const names = new Set(results.map(({ name }) => name));
  const others = (await readdir(out)).filter((name) => name.endsWith('.ndjson') && !names.has(name));
  for (const text of await reports(results, out)) console.log(`The server reports ${text}`);
  for (const { name, remark } of results) if (remark) console.log(`note: of ${name} ${remark}`);
  if (others.length > 0) console.log(`Files of another export in ${out}: ${others.length}`);
  if (!Number.isNaN(Date.parse(transactionTime))) console.log(`What changes from now on: --since ${transactionTime}`);
}

/** The first Ctrl-C ends the export in good order, the second at once. */
function interruption() {
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    abort.abort();
  });
  return abort.signal;
}

function exitCode(error, signal) {
  if (signal.aborted) return INTERRUPTED;
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message} (--help tells more)` : `The export failed: ${describe(error)}`);
  return isUsage || (isAuthenticationError(error) && error.kind === 'configuration') ? 2 : 1;
}

const signal = interruption();
process.stdout.on('error', () => process.exit(1)); // nobody reads any more
process.exitCode = await main(signal).catch((error) => exitCode(error, signal));
