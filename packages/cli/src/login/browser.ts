// A sign-in in the browser of this machine (RFC 8252): it comes back to a port on loopback that is open for this sign-in alone.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorizationRequest, readCallback } from '@axios-authorizer/core';
import type { AuthorizationCode, PendingSignIn, ServerMetadata } from '@axios-authorizer/core';
import { settingsOf } from '../services/service.js';
import type { Service } from '../services/service.js';
import { CliError, codeOf } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { browserCommand } from './browser-command.js';

export interface BrowserSignIn {
  readonly service: Service;
  readonly server: ServerMetadata | undefined;
  readonly authorizationUrl: string;
  /** Whether the browser is opened; the URL is printed in any case. */
  readonly opens: boolean;
}

/** The IP literal, not "localhost", which may be another machine's (RFC 8252 section 7.3 and 8.3). */
const HOST = '127.0.0.1';
const PATH = '/callback';
const LIMIT_MS = 600_000;
/** A callback of another sign-in, or of nobody's: whoever waits goes on waiting. */
const NOT_OURS: readonly (string | undefined)[] = ['state_mismatch', 'callback_invalid'];

/** What the browser comes back with. @throws SignInError for what the server says, CliError when nobody comes back */
export async function grantByBrowser(signIn: BrowserSignIn, terminal: Terminal): Promise<AuthorizationCode> {
  const { scope, clientId, parameters, allowInsecure, redirectPort = 0 } = settingsOf(signIn.service, 'oauth2');
  const { authorizationUrl, server } = signIn;
  const listener = createServer();
  const port = await listening(listener, redirectPort);
  try {
    const redirectUri = `http://${HOST}:${port}${PATH}`;
    const { clock } = terminal;
    const begun = { authorizationUrl, server, clientId, redirectUri, scope, parameters, allowInsecure, clock };
    const { url, pending } = await authorizationRequest(begun);
    const answered = callbackOf(listener, pending, terminal);
    await invite(url, signIn, terminal);
    return await answered;
  } finally {
    listener.close();
    listener.closeAllConnections();
  }
}

function listening(listener: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, HOST, () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a port was listened on, and no pipe
      resolve((listener.address() as AddressInfo).port);
    });
  });
}

async function invite(url: string, { opens }: BrowserSignIn, terminal: Terminal): Promise<void> {
  const { command, args } = browserCommand(url, terminal.platform);
  const isOpen = opens && (await terminal.open(command, args));
  const invitation = isOpen
    ? 'Sign in in the browser that opens. If none does, open'
    : 'To sign in, open on this machine';
  await terminal.stderr.write(`${invitation}\n  ${url}\n`);
}

/** Resolves with the first callback that is this sign-in's. */
async function callbackOf(
  listener: Server,
  pending: PendingSignIn,
  { clock, interrupted }: Terminal,
): Promise<AuthorizationCode> {
  const limit = new AbortController();
  const answered = new Promise<AuthorizationCode>((resolve, reject) => {
    listener.on('request', (request, response) => {
      const read = readRequest(request, pending, clock);
      respond(response, read);
      if (read.grant) resolve(read.grant);
      else if (read.isOurs) reject(read.failure);
    });
  });
  const late = clock
    .sleep(LIMIT_MS, AbortSignal.any([limit.signal, interrupted]))
    .then(() => Promise.reject(nobodyCame()));
  late.catch(() => undefined); // the wait ends with the sign-in
  return Promise.race([answered, late]).finally(() => limit.abort());
}

interface Read {
  readonly grant?: AuthorizationCode;
  /** Whether it ends the sign-in. */
  readonly isOurs: boolean;
  readonly failure?: unknown;
}

function readRequest({ method, url = '' }: IncomingMessage, pending: PendingSignIn, clock: Terminal['clock']): Read {
  if (method !== 'GET' || !url.startsWith('/')) return { isOurs: false };
  try {
    return { grant: readCallback(new URL(url, pending.redirectUri), pending, { clock }), isOurs: true };
  } catch (failure) {
    return { isOurs: !NOT_OURS.includes(codeOf(failure)), failure };
  }
}

/** The page says nothing of what came: whoever sent it may have written it. */
function respond(response: ServerResponse, { grant, isOurs }: Read): void {
  const said = grant
    ? 'You are signed in'
    : isOurs
      ? 'You are not signed in'
      : 'This is not the sign-in that is waited for';
  const status = grant ? 200 : isOurs ? 403 : 400;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(`<!doctype html><title>axios-authorizer</title><p>${said}. You can close this window.`);
}

function nobodyCame(): CliError {
  return new CliError(`Nobody came back from the browser within ${LIMIT_MS / 60_000} minutes`, {
    kind: 'session',
    advice: 'Run it again; without a browser on this machine, use --device.',
  });
}
