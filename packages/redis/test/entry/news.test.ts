// Another machine saves or clears the token: who hears of it, and what does listening cost?
import { until } from '@axios-authorizer/test-kit';
import { Authorizer } from '@axios-authorizer/core';
import { redisTokenStore } from '../../src/index.js';
import { kinds, stage, token, withRedis } from '../stage.js';
import type { LeasedStore } from '../stage.js';

withRedis('news of a token in Redis', () => {
  const { store, client, ask, key } = stage();

  const listeners = async (): Promise<number> =>
    Number(((await ask('PUBSUB', 'NUMSUB', `${key()}:news`)) as readonly unknown[])[1]);

  const listenersAre = async (count: number): Promise<void> => {
    while ((await listeners()) !== count);
  };

  interface Ear {
    heard: number;
    readonly end: () => void;
  }

  /** Listens, and has heard of nothing yet. */
  const listen = async (own: LeasedStore): Promise<Ear> => {
    const ear = { heard: 0, end: (): void => undefined };
    ear.end = own.subscribe?.(() => void (ear.heard += 1)) ?? ear.end;
    await until(() => ear.heard > 0, 'the beginning');
    ear.heard = 0;
    return ear;
  };

  describe.each(kinds)('by %s', (kind) => {
    it('what another saves or clears is news, one’s own is none (C18)', async () => {
      const [own, other] = [await store(kind), await store(kind)];
      const ear = await listen(own);
      await own.save(token('a'));
      await other.load();
      await other.save(token('b'), token('a'));
      await until(() => ear.heard === 1, 'news of the save');
      await own.clear();
      await other.clear();
      await until(() => ear.heard === 2, 'news of the sign-out');
      ear.end();
      await listenersAre(0);
      expect(ear.heard).toBe(2);
    });

    it('all who share a store object share a connection, and hear of each other (C18)', async () => {
      const own = await store(kind);
      const [one, two] = [await listen(own), await listen(own)];
      one.heard = 0;
      expect(await listeners()).toBe(1);
      await own.clear();
      await until(() => one.heard + two.heard === 2, 'news for both');
      one.end();
      expect(await listeners()).toBe(1);
      two.end();
      two.end();
      await listenersAre(0);
    });

    it('a sign-out on another machine ends the session at once (C17, C18)', async () => {
      const [own, other] = [await store(kind), await store(kind)];
      const ends: string[] = [];
      const source = (): Promise<string> => Promise.resolve('ada');
      const here = new Authorizer(source, { store: own, onSessionEnd: ({ code }) => void ends.push(code) });
      await here.getToken();
      await listenersAre(1);
      await new Authorizer(source, { store: other }).logout();
      await until(() => ends.length > 0, 'the end of the session');
      expect(ends).toEqual(['logged_out']);
      expect(here.token).toBeUndefined();
      here.close();
    });

    it('where the user’s client ends, listening ends (C13)', async () => {
      const made = await client(kind);
      await listen(redisTokenStore(made, { key: key().slice(18, -1) }) as LeasedStore);
      expect(await listeners()).toBe(1);
      const ended = Reflect.get(made, kind === 'ioredis' ? 'disconnect' : 'destroy') as () => void;
      Reflect.apply(ended, made, []);
      await listenersAre(0);
      expect(await listeners()).toBe(0);
    });
  });

  it('a client that cannot be duplicated is told of once, and the authorizer does without (C18)', async () => {
    const alone = redisTokenStore({ call: (name: string, ...args: string[]) => ask(name, ...args) }, { key: 'alone' });
    expect(() => alone.subscribe?.(() => undefined)).toThrow('duplicate()');
    const notices: string[] = [];
    const auth = new Authorizer(() => Promise.resolve('ada'), {
      store: alone,
      observer: (event) => void (event.type === 'notice' && notices.push(event.message)),
    });
    await auth.getToken();
    await auth.getToken({ force: true });
    expect(notices).toEqual([expect.stringContaining('duplicate()')]);
  });
});
