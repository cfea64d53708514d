// The stores that a fleet can be measured on. Each child process opens its own; the Redis is one for all, on a unix socket.
import { basename, join } from 'node:path';
import { fileTokenStore } from '@axios-authorizer/core/node';
import { redisTokenStore } from '@axios-authorizer/redis';
import { hasRedisServer, startRedis } from '@axios-authorizer/test-kit';
import { createClient } from 'redis';

/** A machine that died cannot be told from one that thinks, so its lease has to run out. */
const REDIS_LEASE_MS = 1_000;
const SOCKET = 'FLEET_REDIS_SOCKET';

const clients = new Map();

function redisClient() {
  const path = process.env[SOCKET];
  const known = clients.get(path);
  if (known !== undefined) return known;
  const client = createClient({ socket: { path } });
  client.on('error', () => undefined); // the store tells what fails
  client.connect().catch(() => undefined);
  client.unref();
  clients.set(path, client);
  return client;
}

/** By name: { name, open({ folder, leaseMs? }) => TokenStore }, and what has to run meanwhile. */
export const stores = {
  file: {
    name: 'file',
    start: async () => async () => undefined,
    open: ({ folder, leaseMs }) => fileTokenStore(join(folder, 'token.json'), { leaseMs }),
  },
  redis: {
    name: 'redis',
    lack: () => (hasRedisServer() ? undefined : 'there is no redis-server on this machine'),
    /** The Redis that runs, to be killed and paused. */
    server: undefined,
    async start() {
      const server = await startRedis();
      this.server = server;
      process.env[SOCKET] = server.socket;
      return () => {
        clients.get(server.socket)?.destroy(); // else it tries to connect for ever, and keeps the process
        return server.stop();
      };
    },
    open: ({ folder, leaseMs = REDIS_LEASE_MS }) => redisTokenStore(redisClient(), { key: basename(folder), leaseMs }),
  },
};
