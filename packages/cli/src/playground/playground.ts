// An OAuth 2 server and an API on loopback, for a first try and for a look at what a client does: each request is a line.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import type { Api, ApiCall, TokenCall, TokenEndpoint } from '@axios-authorizer/testing';
import { coloursOf } from '../terminal/colours.js';
import type { Colours } from '../terminal/colours.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { environmentLine, sample } from './sample.js';

export interface PlaygroundOptions {
  readonly ttl: string;
  readonly rotation?: boolean;
  readonly port?: number;
}

const CLIENT_ID = 'playground';
const LAST_PORT = 65_534;

/** Runs until Ctrl-C, which is its usual end. @throws UsageError; what the system says of a port that is taken */
export async function playground(options: PlaygroundOptions, terminal: Terminal): Promise<void> {
  const { rotation = false, port } = options;
  const lifetimeS = secondsIn(options.ttl);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= LAST_PORT))
    throw new UsageError(`--port must be a whole number from 1 to ${LAST_PORT}: the API takes the next one`);
  const lines = new RequestLines(terminal);
  const endpoint = await startTokenEndpoint({
    clientId: CLIENT_ID,
    lifetimeS,
    rotateRefreshTokens: rotation,
    port,
    onCall: (call) => lines.ofEndpoint(call, endpoint.issued.length),
  });
  try {
    const api = await startApi({
      accepts: endpoint,
      onCall: (call) => lines.ofApi(call),
      ...(port && { port: port + 1 }),
    });
    try {
      const ended = endOf(terminal);
      await terminal.stdout.write(introduction({ endpoint, api, rotation }, terminal));
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

interface Started {
  readonly endpoint: TokenEndpoint;
  readonly api: Api;
  readonly rotation: boolean;
}

function introduction({ endpoint, api, rotation }: Started, terminal: Terminal): string {
  const { url, clientId, clientSecret } = endpoint;
  const { bold, dim } = coloursOf(terminal, terminal.stdout);
  const values = { TOKEN_URL: url, API_URL: api.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
  const all = { ...values, AXIOS_AUTHORIZER_CLIENT_SECRET: clientSecret };
  const service = `oauth2 --token-url ${url} --client-id ${clientId}`;
  return [
    `${bold('An OAuth 2 server and an API')} on this machine. Ctrl-C ends them.`,
    '',
    ...Object.entries(all).map(([name, value]) => environmentLine(name, value, terminal)),
    '',
    dim('In another shell, with these lines:'),
    `axios-authorizer token ${service} --format header | curl -s -H @- ${api.url}/items`,
    `axios-authorizer doctor ${service} --call ${api.url}/items`,
    '',
    dim('Or as sample.mjs, after npm install @axios-authorizer/core axios:'),
    sample(rotation),
    dim('Requests:'),
    '',
  ].join('\n');
}

/** A line for each request, with the number of its token and never the token. */
class RequestLines {
  readonly #terminal: Terminal;
  readonly #colours: Colours;
  #writing = Promise.resolve();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#colours = coloursOf(terminal, terminal.stdout);
  }

  /** @param issued how many tokens there are by now */
  ofEndpoint({ grantType = 'no grant_type', status }: TokenCall, issued: number): void {
    this.#write(`POST /token ${this.#shown(status)} ${plain(grantType)}${status === 200 ? `, token #${issued}` : ''}`);
  }

  ofApi({ method, path, status, authorization }: ApiCall): void {
    this.#write(
      `${method} ${plain(path)} ${this.#shown(status)} ${plain(authorization).replace(/^bearer #/i, 'token #')}`,
    );
  }

  written(): Promise<void> {
    return this.#writing;
  }

  #shown(status: number | undefined): string {
    const { green, red } = this.#colours;
    return status !== undefined && status < 400 ? green(String(status)) : red(String(status ?? 'cut'));
  }

  #write(text: string): void {
    const { stdout, clock } = this.#terminal;
    const time = this.#colours.dim(new Date(clock.now()).toTimeString().slice(0, 8));
    const line = `${time} ${text}\n`;
    this.#writing = this.#writing.then(() => stdout.write(line)).catch(() => undefined);
  }
}

/** What a client sends cannot move the cursor of the terminal. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}
