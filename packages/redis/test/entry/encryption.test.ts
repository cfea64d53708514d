// What lies in Redis, and who can read it.
import { randomBytes } from 'node:crypto';
import { isAuthenticationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { failureOf, stage, token, withRedis } from '../stage.js';

const secrets = ['access-secret', 'refresh-secret'];
const secret = token('access-secret', { refreshToken: 'refresh-secret' });

withRedis('encryption at rest', () => {
  const { store, ask, key } = stage();
  const encryptionKey = randomBytes(32);

  it('with a key the entry holds no plain secret, and comes back whole (C6)', async () => {
    const sealed = await store('node-redis', { encryptionKey });
    await sealed.save(secret);
    const raw = String(await ask('HGET', `${key()}:token`, 'value'));
    expect(secrets.filter((one) => raw.includes(one))).toEqual([]);
    expect(JSON.parse(raw)).toMatchObject({ version: 1, sealed: expect.any(String) as unknown });
    expect(await sealed.load()).toEqual(secret);
  });

  it.each([
    ['another key', { encryptionKey }, { encryptionKey: randomBytes(32) }],
    ['a key where nothing is encrypted', {}, { encryptionKey }],
    ['no key where all is encrypted', { encryptionKey }, {}],
  ])('%s is a ConfigurationError without a secret in it, and the entry stays (C6)', async (_how, by, other) => {
    await (await store('ioredis', by)).save(secret);
    const error = await failureOf((await store('ioredis', other)).load());
    expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration' });
    expect(leaks(error, secrets)).toEqual([]);
    expect(await (await store('ioredis', by)).load()).toEqual(secret);
  });

  it('a sealed entry that was put in the place of another is refused (C6)', async () => {
    const [one, other] = [
      await store('ioredis', { encryptionKey }),
      await store('ioredis', { encryptionKey, key: 'x' }),
    ];
    await one.save(secret);
    await ask('COPY', `${key()}:token`, 'axios-authorizer:{x}:token', 'REPLACE');
    expect(await failureOf(other.load())).toMatchObject({ kind: 'configuration' });
  });

  it('an entry of no format that is known is replaced by the next token (C6)', async () => {
    const one = await store('ioredis');
    await ask('HSET', `${key()}:token`, 'generation', 'g', 'value', '{"version":9}');
    expect(await failureOf(one.load())).toMatchObject({ code: 'store_unreadable' });
    await one.save(secret);
    expect(await one.load()).toEqual(secret);
  });

  it('a key that holds something else is a ConfigurationError; a refused command tells its code alone (C6)', async () => {
    const one = await store('ioredis');
    await ask('SET', `${key()}:token`, 'text');
    expect(await failureOf(one.load())).toMatchObject({ kind: 'configuration' });
    expect(await failureOf(one.save(secret))).toMatchObject({ kind: 'configuration' });
    await ask('CONFIG', 'SET', 'min-replicas-to-write', '1');
    const error = await failureOf((await store('ioredis', { key: 'other' })).save(secret));
    await ask('CONFIG', 'SET', 'min-replicas-to-write', '0');
    expect([isAuthenticationError(error), leaks(error, secrets)]).toEqual([true, []]);
    expect(String(error)).toContain('NOREPLICAS');
  });
});
