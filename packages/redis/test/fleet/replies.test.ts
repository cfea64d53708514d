// A Redis that answers, but with errors: is each told as what it is, without a secret, and does the store find back?
import { leaks, startRedis } from '@axios-authorizer/test-kit';
import { Redis } from 'ioredis';
import { redisTokenStore } from '../../src/index.js';
import { failureOf, leased, stage, token, withRedis } from '../stage.js';
import type { LeasedStore } from '../stage.js';

const secrets = ['secret-access', 'secret-refresh'];
const secret = token('secret-access', { refreshToken: 'secret-refresh' });

/** What load, save, clear and the lease fail with, one after the other; undefined for what succeeds. */
async function failuresOf(store: LeasedStore): Promise<readonly unknown[]> {
  const calls = [
    () => store.load(),
    () => store.save(secret),
    () => store.clear(),
    () => store.exclusive(() => Promise.resolve()),
  ];
  const failures: unknown[] = [];
  for (const call of calls)
    failures.push(
      await call().then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  return failures;
}

withRedis('error replies', () => {
  const { store, ask, redis } = stage();

  it.each([
    ['READONLY', 'replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['OOM', 'memory is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
  ] as const)(
    '%s is an outage that says what is wrong, and over when it is over (C6)',
    async (code, advice, begin, end) => {
      const one = await store('ioredis');
      await ask(...(begin as unknown as [string]));
      const failures = (await failuresOf(one)).filter((failure) => failure !== undefined);
      await ask(...(end as unknown as [string]));
      expect(failures.length).toBeGreaterThanOrEqual(3);
      const expected = { code: 'redis_unavailable', kind: 'unavailable', transient: true };
      const message = expect.stringMatching(new RegExp(`\\(${code}\\).*${advice}`)) as string;
      expect(failures).toEqual(failures.map(() => expect.objectContaining({ ...expected, message }) as Error));
      expect(leaks(failures, secrets)).toEqual([]);
      await one.save(secret, undefined, { newSession: true });
      expect(await one.exclusive(() => one.load())).toEqual(secret);
    },
  );

  it('a client without the password is told so by every call (C6)', async () => {
    const locked = await startRedis();
    const admin = new Redis({ path: locked.socket });
    await admin.config('SET', 'requirepass', 'pass');
    const client = new Redis({ path: locked.socket });
    client.on('error', () => undefined);
    const failures = await failuresOf(leased(redisTokenStore(client, { key: 'locked' })));
    for (const failure of failures) expect(String(failure)).toMatch(/\(NOAUTH\): give the client its password/);
    admin.disconnect();
    client.disconnect();
    await locked.stop();
  });

  it.each([
    ['LOADING Redis is loading the dataset in memory', /LOADING.*starting/],
    ['ERR Error running script (call to f_1): @user_script:2: @user_script: 2: -OOM command not allowed', /\(OOM\)/],
    [
      'ERR Error running script (call to f_1): @user_script:2: WRONGTYPE Operation against a key',
      /holds something else/,
    ],
    ['CLUSTERDOWN The cluster is down', /CLUSTERDOWN/],
    ['anything with secret-access in it', /\(ReplyError\)/],
  ])('%j is read as an error of Redis, of whichever version (C6)', async (message, told) => {
    const reply = Object.assign(new Error(message), { name: 'ReplyError' });
    const failing = redisTokenStore({ call: () => Promise.reject(reply) }, { key: 'failing' });
    const failure = await failureOf(failing.load());
    expect(String(failure)).toMatch(told);
    expect(leaks(failure, secrets)).toEqual([]);
  });

  it('a Redis that was killed under a held lease and comes back empty: the work ends well, and the next has the lease (C6)', async () => {
    const one = await store('node-redis');
    await one.exclusive(async () => {
      await redis().restart();
    });
    for (let isBack = false; !isBack;)
      isBack = await one.load().then(
        () => true,
        () => false,
      );
    expect(await one.exclusive(() => Promise.resolve('next'))).toBe('next');
  });
});
