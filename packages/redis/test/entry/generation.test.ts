// Who may save when? The generation decides, whoever holds the lease.
import { randomBytes } from 'node:crypto';
import type { Token } from '@axios-authorizer/core';
import { failureOf, kinds, stage, token, withRedis } from '../stage.js';

const loggedOut = { code: 'logged_out', kind: 'session', name: 'AuthenticationError' };

withRedis('the entry in Redis', () => {
  const { store, ask, key } = stage();

  describe.each(kinds)('by %s', (kind) => {
    it('a token comes back as it was saved, dates and additional members included (C6)', async () => {
      const saved = { ...token('a', { expiresAt: new Date(Date.now() + 60_000) }), username: 'ada' };
      await (await store(kind)).save(saved);
      expect(await (await store(kind)).load()).toEqual(saved);
    });

    it('a late writer does not put an older token back, and is handed the newer one (C6)', async () => {
      const [late, quick] = [await store(kind), await store(kind)];
      await late.load();
      await quick.load();
      await quick.save(token('newer'));
      expect(await late.save(token('older'))).toMatchObject({ accessToken: 'newer' });
      expect(await quick.load()).toMatchObject({ accessToken: 'newer' });
    });

    it('a holder that lost its lease saves all the same while what it loaded stands (C6)', async () => {
      const holder = await store(kind);
      await holder.save(token('one'));
      await holder.exclusive(async () => {
        await holder.load();
        await ask('SET', `${key()}:lock`, 'another');
        expect(await holder.save(token('two'))).toBeUndefined();
      });
      expect(await holder.load()).toMatchObject({ accessToken: 'two' });
      expect(await ask('GET', `${key()}:lock`)).toBe('another');
    });

    it('after a sign-out load and save reject with logged_out for all who share it, and nothing is kept (C17)', async () => {
      const [one, other] = [await store(kind), await store(kind)];
      await one.save(token('one'));
      await other.load();
      await one.clear();
      for (const each of [one, other]) {
        expect(await failureOf(each.load())).toMatchObject(loggedOut);
        expect(await failureOf(each.save(token('two'), token('one')))).toMatchObject(loggedOut);
        expect(await failureOf(each.save(token('two')))).toMatchObject(loggedOut);
      }
      expect(await ask('HGET', `${key()}:token`, 'value')).toBe('');
    });

    it('a sign-out where nothing was kept leaves its mark too, for a first save that is on its way (C17)', async () => {
      const [one, other] = [await store(kind), await store(kind)];
      expect(await other.load()).toBeUndefined();
      await one.clear();
      expect(await failureOf(other.save(token('late')))).toMatchObject(loggedOut);
    });

    it('a new session replaces the mark, and whatever else stands, for all who share it (C17)', async () => {
      const [one, other] = [await store(kind), await store(kind)];
      await one.clear();
      expect(await other.save(token('two'), undefined, { newSession: true })).toBeUndefined();
      expect(await one.load()).toMatchObject({ accessToken: 'two' });
      expect(await other.save(token('three'), token('none'), { newSession: true })).toBeUndefined();
      expect(await one.load()).toMatchObject({ accessToken: 'three' });
      expect(await one.save(token('four'), token('three'))).toBeUndefined();
    });

    it.each([
      ['5 s ahead', 5_000],
      ['5 s behind', -5_000],
    ])('the late save of one whose clock is %s never stands over the newer token (C6)', async (_clock, aheadMs) => {
      const [ahead, other] = [await store(kind), await store(kind)];
      const now = Date.now();
      const [r0, r1] = [token('0'), token('1', { issuedAt: new Date(now + aheadMs) })];
      const r2 = token('2', { issuedAt: new Date(now + 1_000) });
      await ahead.save(r0);
      await ahead.save(r1, r0);
      await other.load();
      await other.save(r2, r1);
      expect(await ahead.save(r1, r0)).toEqual(r2);
      expect(await other.load()).toEqual(r2);
    });

    it('who renewed the token that stands replaces it, however it was got to know, encrypted as well (C6)', async () => {
      const encryptionKey = randomBytes(32);
      const [one, other] = [await store(kind, { encryptionKey }), await store(kind, { encryptionKey })];
      const marked = { ...token('one'), sessionMark: 'mark' };
      await one.save(marked);
      const two = token('two');
      expect(await other.save(two, { ...marked })).toBeUndefined();
      expect(await one.save(token('three'), { ...two, refreshToken: 'another' })).toEqual(two);
    });

    it('an entry that was evicted ends no session: what is saved is kept (C17)', async () => {
      const one = await store(kind);
      await one.save(token('one'));
      await ask('DEL', `${key()}:token`);
      expect(await one.load()).toBeUndefined();
      expect(await one.save(token('two'), token('one'))).toBeUndefined();
      expect(await one.load()).toMatchObject({ accessToken: 'two' });
    });

    it('scripts that Redis forgot are sent once more (C6)', async () => {
      const one = await store(kind);
      await one.save(token('one'));
      await ask('SCRIPT', 'FLUSH', 'SYNC');
      await one.save(token('two'));
      expect(await one.exclusive(() => one.load())).toMatchObject({ accessToken: 'two' });
    });
  });

  it('the mark of a sign-out stands for 24 hours (C17)', async () => {
    const one = await store('ioredis');
    await one.clear();
    const leftMs = Number(await ask('PTTL', `${key()}:token`));
    expect(leftMs).toBeLessThanOrEqual(86_400_000);
    expect(leftMs).toBeGreaterThan(86_300_000);
  });

  it('members that the store does not know come back, such as the mark of a session, encrypted or not (C17)', async () => {
    const marked = { ...token('a'), sessionMark: 'mark', boundTo: 'key' };
    for (const options of [{}, { encryptionKey: randomBytes(32), key: 'sealed' }]) {
      await (await store('ioredis', options)).save(marked);
      expect(await (await store('ioredis', options)).load()).toEqual(marked);
    }
  });

  it('a token and a mark that an earlier version wrote are read as what they are (C17)', async () => {
    const one = await store('ioredis');
    await ask('HSET', `${key()}:token`, 'generation', 'g', 'value', '{"version":1,"token":{"accessToken":"a"}}');
    expect(await one.load()).toEqual({ accessToken: 'a' });
    await ask('HSET', `${key()}:token`, 'generation', 'h', 'value', '');
    expect(await failureOf(one.load())).toMatchObject(loggedOut);
  });

  it('an entry that cannot be read is replaced also by who has not loaded it (C6)', async () => {
    await ask('HSET', `${key()}:token`, 'generation', 'g', 'value', '{"version":9}');
    const one = await store('ioredis');
    expect(await one.save(token('a'), token('none'))).toBeUndefined();
    expect(await one.load()).toMatchObject({ accessToken: 'a' });
  });

  it('a save that is sent once more, since Redis forgot the script, does not overtake the sign-out after it (C17)', async () => {
    const one = await store('ioredis');
    await one.clear();
    await one.save(token('a'), undefined, { newSession: true });
    await ask('SCRIPT', 'FLUSH', 'SYNC');
    const late = failureOf(one.save(token('late'), undefined, { newSession: true }));
    await one.clear();
    expect(await late).toMatchObject(loggedOut);
    expect(await failureOf(one.load())).toMatchObject(loggedOut);
  });

  it('where Redis has no memory for the mark the token is forgotten all the same, and the failure told (C17)', async () => {
    const one = await store('ioredis');
    await one.save(token('a'));
    await ask('CONFIG', 'SET', 'maxmemory', '1');
    const failure = await failureOf(one.clear());
    await ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(failure).toMatchObject({ code: 'redis_unavailable', message: expect.stringContaining('OOM') as string });
    expect(await one.load()).toBeUndefined();
  });

  it('a script travels once: afterwards its hash is enough (C6)', async () => {
    const one = await store('ioredis');
    await ask('SCRIPT', 'FLUSH', 'SYNC');
    await ask('CONFIG', 'RESETSTAT');
    for (const name of ['a', 'b', 'c']) await one.save(token(name));
    const stats = String(await ask('INFO', 'commandstats'));
    expect(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  });

  it.each<readonly [string, (saved: Token) => Token, number]>([
    ['until it ends, without a refresh token', ({ refreshToken: _gone, ...rest }) => rest, 60_000],
    ['for keepMs, with a refresh token', (saved) => saved, 500_000],
    ['for keepMs, when its end is unknown', ({ accessToken }) => ({ accessToken }), 500_000],
  ])('an entry is kept %s (C6)', async (_how, less, keptMs) => {
    const saved = token('a', { expiresAt: new Date(Date.now() + 60_000) });
    await (await store('ioredis', { keepMs: 500_000 })).save(less(saved));
    const leftMs = Number(await ask('PTTL', `${key()}:token`));
    expect(leftMs).toBeLessThanOrEqual(keptMs);
    expect(leftMs).toBeGreaterThan(keptMs - 30_000);
  });
});
