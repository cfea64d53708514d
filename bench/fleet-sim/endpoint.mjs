// A token endpoint in virtual time, behind the adapter of axios that the source's own client calls: client credentials, an answer
// after 200 to 400 ms. While it is down it answers 503 as fast.

export class Endpoint {
  /** When a call came, and whether it was answered with a token. */
  calls = [];
  #time;
  #random;
  #lifetimeS;
  #isDown = false;
  #serial = 0;

  constructor(time, { random, lifetimeS }) {
    this.#time = time;
    this.#random = random;
    this.#lifetimeS = lifetimeS;
  }

  down() {
    this.#isDown = true;
  }

  up() {
    this.#isDown = false;
  }

  /** What a source takes as `transport`. */
  get transport() {
    return { adapter: (config) => this.#answer(config) };
  }

  async #answer(config) {
    const isGranted = !this.#isDown;
    this.calls.push({ at: this.#time.now, isGranted });
    await this.#time.clock.sleep(200 + 200 * this.#random());
    const headers = { 'content-type': 'application/json' };
    if (!isGranted) return { config, headers, status: 503, statusText: 'Service Unavailable', data: '' };
    this.#serial += 1;
    const token = { access_token: `t-${this.#serial}`, token_type: 'Bearer', expires_in: this.#lifetimeS };
    return { config, headers, status: 200, statusText: 'OK', data: JSON.stringify(token) };
  }
}
