// A token endpoint whose refresh tokens are good for one use: a second use revokes the family, and a sign-in starts a new one.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export class Idp {
  /** When each call came, in ms. */
  calls = [];
  signIns = 0;
  reuses = 0;
  #families = new Map();
  #serial = 0;
  #server;
  #options;

  /** @param options lifeMs of a token; delayMs: how long an answer takes once the refresh token is spent */
  constructor(options) {
    this.#options = options;
  }

  async start() {
    this.#server = createServer((request, response) => this.#serve(request, response));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}/token`;
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = this.#grant(new URLSearchParams(Buffer.concat(chunks).toString()));
    await sleep(this.#options.delayMs);
    const status = answer.error ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #grant(form) {
    this.calls.push(performance.now());
    if (form.get('grant_type') === 'refresh_token') return this.#refresh(form.get('refresh_token'));
    this.signIns += 1;
    return this.#issue(this.signIns);
  }

  #refresh(presented) {
    const [, family] = presented.split('-');
    if (this.#families.get(Number(family)) === presented) return this.#issue(Number(family));
    if (this.#families.delete(Number(family))) this.reuses += 1;
    return { error: 'invalid_grant' };
  }

  #issue(family) {
    const serial = (this.#serial += 1);
    const refreshToken = `refresh-${family}-${serial}`;
    this.#families.set(family, refreshToken);
    const { lifeMs } = this.#options;
    const accessToken = `access-${serial}-${Date.now() + lifeMs}`;
    return { access_token: accessToken, token_type: 'Bearer', expires_in: lifeMs / 1000, refresh_token: refreshToken };
  }
}
