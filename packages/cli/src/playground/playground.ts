// An OAuth 2 server and an API on loopback, for a first try and for a look at what a client does: each request is a line.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import type { Api, TokenEndpoint } from '@axios-authorizer/testing';
import { coloursOf } from '../terminal/colours.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { RequestLines } from './request-lines.js';
import { environmentLine, sample } from './sample.js';
import type { SampleOptions } from './sample.js';

export interface PlaygroundOptions {
  readonly ttl: string;
  readonly rotation?: boolean;
  readonly dpop?: boolean;
  /** Means `dpop` as well. */
  readonly dpopNonce?: boolean;
  readonly port?: number;
}

const CLIENT_ID = 'playground';
const LAST_PORT = 65_534;

/** Runs until Ctrl-C, which is its usual end. @throws UsageError; what the system says of a port that is taken */
export async function playground(options: PlaygroundOptions, terminal: Terminal): Promise<void> {
  const { rotation = false, dpopNonce: dpopNonces = false, dpop = false, port } = options;
  const lifetimeS = secondsIn(options.ttl);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= LAST_PORT))
    throw new UsageError(`--port must be a whole number from 1 to ${LAST_PORT}: the API takes the next one`);
  const lines = new RequestLines(terminal);
  const endpoint = await startTokenEndpoint({
    clientId: CLIENT_ID,
    lifetimeS,
    rotateRefreshTokens: rotation,
    dpop: dpop || dpopNonces,
    dpopNonces,
    deviceIntervalS: 1, // whoever tries it sits before both devices
    port,
    onCall: (call) => lines.ofEndpoint(call, endpoint.issued.length),
    onRequest: (request) => lines.ofOther(request),
  });
  try {
    const api = await startApi({
      accepts: endpoint,
      dpopNonces,
      onCall: (call) => lines.ofApi(call),
      ...(port && { port: port + 1 }),
    });
    try {
      const ended = endOf(terminal);
      await terminal.stdout.write(introduction({ endpoint, api, rotation, dpop: endpoint.dpop }, terminal));
      await ended;
    } finally {
      await api.close();
    }
  } finally {
    await endpoint.close();
    await lines.written();
  }
}

/** Ctrl-C and SIGTERM; the process is kept alive meanwhile, since the servers do not. */
function endOf(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const giveBack = terminal.takeSignals(() => {
      clearInterval(alive);
      giveBack();
      resolve();
    });
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

function secondsIn(ttl: string): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(ttl) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 1);
  if (seconds > 0) return seconds;
  throw new UsageError('--ttl must be a time such as 5s, 2m or 1h');
}

interface Started extends SampleOptions {
  readonly endpoint: TokenEndpoint;
  readonly api: Api;
}

function introduction(started: Started, terminal: Terminal): string {
  const { endpoint, api, dpop } = started;
  const { issuer, url, clientId, clientSecret } = endpoint;
  const { bold, dim } = coloursOf(terminal, terminal.stdout);
  const values = { ISSUER: issuer, TOKEN_URL: url, API_URL: api.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
  const all = { ...values, AXIOS_AUTHORIZER_CLIENT_SECRET: clientSecret };
  return [
    `${bold('An OAuth 2 server and an API')} on this machine. Ctrl-C ends them.`,
    '',
    ...Object.entries(all).map(([name, value]) => environmentLine(name, value, terminal)),
    '',
    dim('In another shell, with these lines:'),
    ...(dpop ? [] : commandLines(started, dim)),
    dim(`${dpop ? 'As' : 'Or as'} sample.mjs, after npm install @axios-authorizer/core axios:`),
    sample(started),
    dim('Requests:'),
    '',
  ].join('\n');
}

/** Lines for a token of the client, and for one of a person, who signs in on a page of this server. */
function commandLines({ endpoint, api }: Started, dim: (text: string) => string): readonly string[] {
  const service = `oauth2 --issuer ${endpoint.issuer} --client-id ${endpoint.clientId}`;
  return [
    `axios-authorizer token ${service} --format header | curl -s -H @- ${api.url}/items`,
    `axios-authorizer doctor ${service} --call ${api.url}/items`,
    '',
    dim('As a person, in the browser or on another device; then the token is theirs:'),
    `axios-authorizer login ${service}`,
    `axios-authorizer login ${service} --device`,
    '',
  ];
}
