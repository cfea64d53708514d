// Is the Redis of the simulation like a real one? The same calls of the same store, on both, cost the same commands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redisTokenStore } from '@axios-authorizer/redis';
import { hasRedisServer, startRedis } from '@axios-authorizer/test-kit';
import { createClient } from 'redis';
import { RedisModel } from './redis-model.mjs';
import { VirtualTime } from './virtual-time.mjs';

/** Two machines: one refreshes, the other finds its token, comes too late with another, signs out, and meets the mark. */
async function scenario(one, other) {
  const said = [];
  const tell = async (promise) =>
    said.push(
      await promise.then(
        (token) => token?.accessToken ?? 'nothing',
        ({ code }) => code,
      ),
    );
  await tell(one.load());
  await one.exclusive(() => tell(one.save({ accessToken: 'a', refreshToken: 'r' })));
  await tell(other.load());
  await tell(other.save({ accessToken: 'b' }, { accessToken: 'a', refreshToken: 'r' }));
  await tell(one.save({ accessToken: 'late' }, { accessToken: 'a', refreshToken: 'r' }));
  await other.exclusive(async () => undefined);
  await tell(other.clear());
  await tell(one.load());
  await tell(one.save({ accessToken: 'c' }));
  await tell(one.save({ accessToken: 'c', expiresAt: new Date(Date.now() + 60_000) }, undefined, { newSession: true }));
  await tell(other.load());
  return said;
}

const SAID = ['nothing', 'nothing', 'a', 'nothing', 'b', 'nothing', 'logged_out', 'logged_out', 'nothing', 'c'];

async function onModel() {
  const time = new VirtualTime(Date.now());
  const redis = new RedisModel(time);
  const stores = [1, 2].map(() => redisTokenStore(redis.client(), { key: 'k', clock: time.clock }));
  const said = scenario(...stores);
  await time.until(time.now + 60_000);
  return { said: await said, calls: redis.calls };
}

async function onRealRedis() {
  const server = await startRedis();
  const clients = await Promise.all([1, 2].map(() => createClient({ socket: { path: server.socket } }).connect()));
  try {
    const said = await scenario(...clients.map((client) => redisTokenStore(client, { key: 'k' })));
    const info = await clients[0].sendCommand(['INFO', 'commandstats']);
    const counted = [...info.matchAll(/cmdstat_(\w+)(?:\|\w+)?:calls=(\d+)/g)].map(([, name, calls]) => [
      name.toUpperCase(),
      Number(calls),
    ]);
    return { said, calls: Object.fromEntries(counted) };
  } finally {
    for (const client of clients) client.destroy();
    await server.stop();
  }
}

test('the scenario says on the model what the store promises', async () => {
  assert.deepEqual((await onModel()).said, SAID);
});

const skip = hasRedisServer() ? false : 'NOT COMPARED: there is no redis-server on this machine';
if (skip) console.error(skip);
test(
  'on a real redis-server it says the same, and costs the same commands, those of scripts included',
  { skip },
  async () => {
    const [model, real] = [await onModel(), await onRealRedis()];
    assert.deepEqual(real.said, model.said);
    for (const name of Object.keys(model.calls)) assert.equal(real.calls[name], model.calls[name], name);
    const ofStore = new Set(Object.keys(model.calls));
    const others = Object.keys(real.calls).filter(
      (name) => !ofStore.has(name) && !['HELLO', 'CLIENT', 'INFO', 'PING'].includes(name),
    );
    assert.deepEqual(others, []);
  },
);
