// One machine of the fleet: an Authorizer as an application makes it, a store of its own over a client of its own, and requests.
import { Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';
import { redisTokenStore } from '@axios-authorizer/redis';

const TOKEN_URL = 'https://id.example.org/token';
const clientAuth = clientSecretBasic({ clientId: 'fleet', clientSecret: 'secret' });
/** Requests of a machine: this far apart on average where a refresh may be due. */
export const GAP_MS = 1_000;

export class Machine {
  #world;
  #authorizer;
  #client;
  /** Of the token that was seen last, so that time can be left out until something may happen. */
  #quietUntil = 0;
  #next;
  #isOn = true;

  constructor(world) {
    this.#world = world;
    this.#client = world.redis?.client();
    this.#authorizer = authorizerIn(world, this.#client);
    this.#request();
  }

  /** Its memory is lost, its connections end. */
  stop() {
    this.#isOn = false;
    this.#authorizer.close();
    this.#client?.destroy();
    if (this.#next) this.#world.time.cancel(this.#next);
  }

  #request() {
    const sentAt = this.#world.time.now;
    this.#authorizer.getToken().then(
      (token) => this.#answered(sentAt, token),
      (error) => this.#failed(sentAt, error),
    );
  }

  #answered(sentAt, { expiresAt }) {
    const { time, tally } = this.#world;
    tally.answered(sentAt, time.now, expiresAt.getTime());
    this.#quietUntil = this.#world.quietUntil(expiresAt.getTime());
    this.#again();
  }

  #failed(sentAt, { code }) {
    const { time, tally } = this.#world;
    tally.failed(sentAt, time.now, code);
    this.#again();
  }

  /** A request with a fresh token changes nothing (C1), so that few of them are made. */
  #again() {
    if (!this.#isOn) return;
    const { time, random, sparseMs } = this.#world;
    const gapMs = GAP_MS * (0.5 + random());
    const sparse = Math.min(time.now + sparseMs * (0.5 + random()), this.#quietUntil - gapMs);
    this.#next = time.at(Math.max(time.now + gapMs, sparse), () => this.#request());
  }
}

function authorizerIn({ time, endpoint }, client) {
  const { clock } = time;
  const source = clientCredentialsSource({ tokenUrl: TOKEN_URL, clientAuth, transport: endpoint.transport, clock });
  const store = client && redisTokenStore(client, { key: 'fleet', clock });
  return new Authorizer(source, { clock, ...(store && { store }) });
}
