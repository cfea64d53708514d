// Who may save when? The generation decides, whoever holds the lease.
import type { Token } from '@axios-authorizer/core';
import { kinds, stage, token, withRedis } from '../stage.js';

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

    it('a save that comes after a logout does not bring the token back; a new sign-in does (C6)', async () => {
      const [late, leaving] = [await store(kind), await store(kind)];
      await late.save(token('one'));
      await late.load();
      await leaving.clear();
      expect(await late.save(token('two'))).toBeUndefined();
      expect(await leaving.load()).toBeUndefined();
      await leaving.save(token('three'));
      expect(await leaving.load()).toMatchObject({ accessToken: 'three' });
    });

    it('a logout through the very store whose save is on its way holds as well (C6)', async () => {
      const one = await store(kind);
      await one.save(token('one'));
      await one.load();
      await one.clear();
      await one.save(token('two'));
      expect(await one.load()).toBeUndefined();
    });

    it('scripts that Redis forgot are sent once more (C6)', async () => {
      const one = await store(kind);
      await one.save(token('one'));
      await ask('SCRIPT', 'FLUSH', 'SYNC');
      await one.save(token('two'));
      expect(await one.exclusive(() => one.load())).toMatchObject({ accessToken: 'two' });
    });
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
