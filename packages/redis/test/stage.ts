// What the tests share: one Redis for a file, clients of both kinds that end with their test, and the skip where there is
// no Redis.
import { randomUUID } from 'node:crypto';
import { hasRedisServer, startRedis } from '@axios-authorizer/test-kit';
import type { RedisServer } from '@axios-authorizer/test-kit';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { redisTokenStore } from '../src/index.js';
import type { RedisClient, RedisTokenStoreOptions } from '../src/index.js';
import type { Token, TokenStore } from '@axios-authorizer/core';

export const kinds = ['node-redis', 'ioredis'] as const;
export type Kind = (typeof kinds)[number];

/** `describe` where there is a redis-server; without one nothing runs. */
export function withRedis(name: string, body: () => void): void {
  if (hasRedisServer()) {
    describe(name, body);
    return;
  }
  if (process.env['REDIS_TESTS'] === 'required') throw new Error('redis-server is not installed: apt-get install it');
  it.skip(`${name} (no redis-server)`, () => undefined); // scripts/summary-reporter.cjs says so in one line
}

export interface Stage {
  readonly redis: () => RedisServer;
  readonly client: (kind: Kind) => Promise<RedisClient>;
  /** A client that nobody waited for to be connected. */
  readonly early: (kind: Kind) => RedisClient;
  /** A store with a client of its own. */
  readonly store: (kind: Kind, options?: Partial<RedisTokenStoreOptions>) => Promise<LeasedStore>;
  /** The answer to one command. */
  readonly ask: (...command: [string, ...string[]]) => Promise<unknown>;
  /** A name for each test. */
  readonly key: () => string;
}

export type LeasedStore = TokenStore & Required<Pick<TokenStore, 'exclusive'>>;

export function stage(): Stage {
  let redis: RedisServer;
  let key: string;
  let asker: Redis | undefined;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => void (redis = await startRedis()));
  beforeEach(() => void (key = randomUUID()));
  afterEach(async () => {
    redis.resume();
    asker = undefined;
    await Promise.all(ends.splice(0).map((end) => end()));
  });
  afterAll(() => redis.stop());
  const ioredis = (): Redis => {
    // A Redis that was killed or paused does not close its end; by default it is waited for, two seconds and with them the test run.
    const settings = { path: redis.socket, maxRetriesPerRequest: null, disconnectTimeout: 1 };
    const client = new Redis({ ...settings, retryStrategy: () => 20 });
    client.on('error', () => undefined);
    ends.push(() => client.disconnect());
    return client;
  };
  const nodeRedis = (): { readonly made: RedisClient; readonly connected: Promise<unknown> } => {
    const made = createClient({ socket: { path: redis.socket, tls: false, reconnectStrategy: 20 } });
    made.on('error', () => undefined);
    ends.push(() => made.destroy());
    return { made, connected: made.connect() };
  };
  const client = async (kind: Kind): Promise<RedisClient> => {
    if (kind === 'ioredis') return ioredis();
    const { made, connected } = nodeRedis();
    await connected;
    return made;
  };
  const early = (kind: Kind): RedisClient => {
    if (kind === 'ioredis') return ioredis();
    const { made, connected } = nodeRedis();
    connected.catch(() => undefined);
    return made;
  };
  return {
    redis: () => redis,
    client,
    early,
    store: async (kind, options) => leased(redisTokenStore(await client(kind), { key, ...options })),
    ask: (name, ...args) => (asker ??= ioredis()).call(name, ...args),
    key: () => `axios-authorizer:{${key}}`,
  };
}

export function leased(store: TokenStore): LeasedStore {
  return {
    ...store,
    exclusive: (work, options) => store.exclusive?.(work, options) ?? Promise.reject(new Error('Expected a lease')),
  };
}

export function token(accessToken: string, more: Partial<Token> = {}): Token {
  return { accessToken, refreshToken: `r-${accessToken}`, issuedAt: new Date(), ...more };
}

/** What `promise` is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('Expected a rejection');
    },
    (error: unknown) => error,
  );
}
