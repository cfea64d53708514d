// The service of samples that share a token through Redis: a redis-server of its own, and a token endpoint.
import { hasRedisServer, startRedis, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** What keeps the samples from running here, if anything. */
export function missing() {
  return hasRedisServer() ? undefined : 'there is no redis-server on this machine';
}

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const [redis, idp] = await Promise.all([startRedis(), startTokenEndpoint()]);
  const api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  const port = await tcpPort(redis.socket);
  return {
    env: {
      REDIS_URL: port.url,
      TOKEN_URL: idp.url,
      API_URL: api.origin,
      CLIENT_ID: 'me',
      CLIENT_SECRET: 'my-secret',
    },
    stop: () => {
      port.close();
      return Promise.all([redis.stop(), idp.stop(), api.stop()]);
    },
  };
}

/** The server listens on a socket of its own; a program is given a URL. */
async function tcpPort(path) {
  const server = createServer((client) => {
    const upstream = connect(path);
    for (const one of [client, upstream]) one.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `redis://127.0.0.1:${server.address().port}`, close: () => void server.close() };
}
