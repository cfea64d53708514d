// A real cluster: are both keys of a token on one node, whichever client asks, and is who waits woken across nodes?
import { gate, ManualClock, startRedisCluster } from '@axios-authorizer/test-kit';
import type { RedisCluster } from '@axios-authorizer/test-kit';
import { Cluster, Redis } from 'ioredis';
import { createCluster } from 'redis';
import { redisTokenStore } from '../../src/index.js';
import { failureOf, kinds, leased, token, withRedis } from '../stage.js';
import type { RedisClient, RedisTokenStoreOptions } from '../../src/index.js';
import type { Kind, LeasedStore } from '../stage.js';

withRedis('a cluster', () => {
  let cluster: RedisCluster;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => void (cluster = await startRedisCluster()));
  afterEach(() => Promise.all(ends.splice(0).map((end) => end())));
  afterAll(() => cluster.stop());

  const client = async (kind: Kind): Promise<RedisClient> => {
    if (kind === 'ioredis') {
      const made = new Cluster([...cluster.nodes]);
      ends.push(() => made.disconnect());
      return made;
    }
    const made = createCluster({ rootNodes: cluster.nodes.map(({ host, port }) => ({ socket: { host, port } })) });
    made.on('error', () => undefined);
    ends.push(() => made.destroy());
    return made.connect();
  };
  const store = async (kind: Kind, options: RedisTokenStoreOptions): Promise<LeasedStore> =>
    leased(redisTokenStore(await client(kind), options));

  const slotOf = (key: string): Promise<string> => cluster.ask(cluster.nodes[0]?.port ?? 0, 'cluster', 'keyslot', key);
  const listeners = async (channel: string): Promise<number> => {
    const asked = cluster.nodes.map(({ port }) => cluster.ask(port, 'pubsub', 'numsub', channel));
    return (await Promise.all(asked)).filter((answer) => answer.endsWith('1')).length;
  };

  // Twenty names lie on all three masters.
  it.each(kinds)('twenty tokens are saved, read, locked and ended over %s, wherever they lie (C6)', async (kind) => {
    const other = kinds.find((one) => one !== kind) ?? kind;
    const [mine, theirs] = [await client(kind), await client(other)];
    const slots = new Set<string>();
    for (let index = 0; index < 20; index += 1) {
      const key = `${kind}-${index}`;
      const [one, two] = [leased(redisTokenStore(mine, { key })), leased(redisTokenStore(theirs, { key }))];
      await one.exclusive(() => Promise.resolve(one.save(token(`a${index}`))));
      expect(await two.exclusive(() => two.load())).toMatchObject({ accessToken: `a${index}` });
      slots.add(await slotOf(`axios-authorizer:{${key}}:token`));
      await two.clear();
      expect(await failureOf(one.load())).toMatchObject({ code: 'logged_out', kind: 'session' });
    }
    expect(slots.size).toBeGreaterThan(10);
  });

  it('a client of one node only is told what it should be, not silently left without a store (C6)', async () => {
    const [{ host, port } = { host: '', port: 0 }] = cluster.nodes;
    const single = new Redis({ host, port });
    ends.push(() => single.disconnect());
    const keys = Array.from({ length: 20 }, (_, index) => `single-${index}`);
    const failed = await Promise.all(keys.map((key) => redisTokenStore(single, { key }).load().catch(String)));
    expect(failed.filter(Boolean)).toContainEqual(expect.stringMatching(/\(MOVED\).*createCluster/));
  });

  it.each(kinds)('who waits over %s is woken by the news, whichever node tells it (C6)', async (kind) => {
    const clock = new ManualClock(); // is paused: nobody looks again by himself
    const key = `waiting-${kind}`;
    const [holder, waiter] = [await store(kind, { key }), await store(kind, { key, clock })];
    const { opened, open } = gate();
    const begun = gate();
    const held = holder.exclusive(() => (begun.open(), opened));
    await begun.opened;
    const woken = waiter.exclusive(() => Promise.resolve('woken'));
    while ((await listeners(`axios-authorizer:{${key}}:free`)) === 0);
    open();
    await held;
    expect(await woken).toBe('woken');
  });
});
