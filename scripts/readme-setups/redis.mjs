// The service of samples that share a token through Redis: a redis-server of its own, and a token endpoint.
import { hasRedisServer, startRedis, startTokenEndpoint } from '@axios-authorizer/test-kit';

/** What keeps the samples from running here, if anything. */
export function missing() {
  return hasRedisServer() ? undefined : 'there is no redis-server on this machine';
}

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const [redis, idp] = await Promise.all([startRedis(), startTokenEndpoint()]);
  return {
    env: { REDIS_SOCKET: redis.socket, TOKEN_URL: idp.url },
    stop: () => Promise.all([redis.stop(), idp.stop()]),
  };
}
