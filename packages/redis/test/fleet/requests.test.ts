// What requests see of a Redis that dies, comes back or falls silent: nothing while tokens live, and one limit at their end.
import { ManualClock, startResourceServer } from '@axios-authorizer/test-kit';
import type { ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, clientCredentialsSource, publicClient } from '@axios-authorizer/core';
import { systemClock } from '@axios-authorizer/core/extend';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { redisTokenStore } from '../../src/index.js';
import { kinds, stage, withRedis } from '../stage.js';
import { fleet, lifeMs, rejoined } from './stage.js';

/** Requests over every client, one after the other on each, until they are ended. */
class Steady {
  answered = 0;
  readonly failures: unknown[] = [];
  #isOver = false;
  readonly #all: readonly Promise<void>[];

  constructor(clients: readonly AxiosInstance[]) {
    this.#all = clients.map((client) => this.#run(client));
  }

  /** Resolves when another hundred are answered, or one has failed. */
  async goOn(): Promise<void> {
    const enough = this.answered + 100;
    while (this.answered < enough && this.failures.length === 0)
      await new Promise((resolve) => void setImmediate(resolve));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#all);
  }

  async #run(client: AxiosInstance): Promise<void> {
    while (!this.#isOver)
      await client.get('/').then(
        () => void (this.answered += 1),
        (error: unknown) => void this.failures.push(error),
      );
  }
}

withRedis('requests', () => {
  const place = stage();
  let api: ResourceServer;
  beforeEach(async () => {
    await place.redis().restart();
    api = await startResourceServer();
  });
  afterEach(() => api.stop());

  const clientOf = (auth: Authorizer): AxiosInstance => {
    const client = axios.create({ baseURL: api.origin });
    attachAuth(client, auth);
    return client;
  };

  it('Redis dies and comes back under load: none fails, and afterwards each expiry costs one call (C6)', async () => {
    const clock = new ManualClock();
    const { idp, team, stores } = await fleet(place, clock, { size: 4, timeoutMs: 300 });
    api.accepts = (bearer) => idp.valid(bearer ?? '');
    const load = new Steady(team.map(clientOf));
    await load.goOn();
    const before = idp.calls;
    await place.redis().kill();
    await load.goOn();
    await place.redis().restart();
    await load.goOn();
    await rejoined(stores);
    await load.goOn();
    expect([before, idp.calls, load.failures]).toEqual([1, 1, []]);
    for (let expiry = 1; expiry <= 3; expiry += 1) {
      clock.set(clock.now() + lifeMs);
      await load.goOn();
    }
    await load.end();
    expect([idp.calls, load.failures]).toEqual([4, []]);
    await idp.stop();
  });

  it.each(kinds)(
    'Redis is not there yet: over %s each gets its own token, and they share the next one (C6)',
    async (kind) => {
      await place.redis().kill();
      const clock = new ManualClock(Date.now()); // what is kept ends by the store's own clock
      const { idp } = await fleet(place, clock, { size: 0 });
      const source = clientCredentialsSource({
        tokenUrl: idp.url,
        clientAuth: publicClient({ clientId: 'client' }),
        clock,
      });
      const options = { key: 'early', timeoutMs: 300 };
      const stores = [place.early(kind), place.early(kind)].map((client) => redisTokenStore(client, options));
      const clients = stores.map((store) => clientOf(new Authorizer(source, { store, clock })));
      await Promise.all(clients.map((client) => client.get('/')));
      expect([idp.calls, api.served]).toEqual([2, 2]);
      await place.redis().restart();
      await rejoined(stores);
      clock.set(clock.now() + lifeMs);
      await Promise.all(clients.map((client) => client.get('/')));
      expect([idp.calls, api.served]).toEqual([3, 4]);
      await idp.stop();
    },
  );

  it('a silent Redis adds one timeoutMs to a request that needs a new token, and none to another (C6)', async () => {
    const clock = new ManualClock();
    const waits: number[] = [];
    const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
      await systemClock.sleep(ms, signal);
      waits.push(ms);
    };
    const now = (): number => clock.now() + performance.now();
    const { idp } = await fleet(place, clock, { size: 0 });
    const store = await place.store('ioredis', { timeoutMs: 300, clock: { now, sleep } });
    const source = clientCredentialsSource({
      tokenUrl: idp.url,
      clientAuth: publicClient({ clientId: 'client' }),
      clock,
    });
    const client = clientOf(new Authorizer(source, { store, clock }));
    await client.get('/');
    place.redis().pause();
    await client.get('/');
    expect(waits).toEqual([]);
    clock.set(clock.now() + lifeMs);
    await client.get('/');
    expect([waits, idp.calls, api.served]).toEqual([[300], 2, 3]);
    place.redis().resume();
    await idp.stop();
  });
});
