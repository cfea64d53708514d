// What comes to a playground, a line for each request, with the number of its token and never the token.
import type { ApiCall, EndpointRequest, TokenCall } from '@axios-authorizer/testing';
import { coloursOf } from '../terminal/colours.js';
import type { Colours } from '../terminal/colours.js';
import type { Terminal } from '../terminal/terminal.js';

export class RequestLines {
  readonly #terminal: Terminal;
  readonly #colours: Colours;
  #writing = Promise.resolve();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#colours = coloursOf(terminal, terminal.stdout);
  }

  /** @param issued how many tokens there are by now */
  ofEndpoint({ grantType = 'no grant_type', status, error }: TokenCall, issued: number): void {
    const grant = plain(grantType.replace(/^urn:ietf:params:oauth:grant-type:/, ''));
    this.#write(`POST /token ${this.#shown(status)} ${grant}${status === 200 ? `, token #${issued}` : because(error)}`);
  }

  /** What is asked of the server beside tokens: pages, device codes, metadata. */
  ofOther({ method, path, status }: EndpointRequest): void {
    this.#write(`${method} ${plain(path)} ${this.#shown(status)}`);
  }

  ofApi({ method, path, status, authorization, error }: ApiCall): void {
    const token = plain(authorization)
      .replace(/^bearer #/i, 'token #')
      .replace(/^dpop #/i, 'DPoP, token #');
    this.#write(`${method} ${plain(path)} ${this.#shown(status)} ${token}${because(error)}`);
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

function because(error: string | undefined): string {
  return error === undefined ? '' : `: ${error}`;
}

/** What a client sends cannot move the cursor of the terminal. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}
