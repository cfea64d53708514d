// The public face of @axios-authorizer/redis.
export { redisTokenStore } from './redis-token-store.js';
export type { RedisTokenStoreOptions } from './redis-token-store.js';
export type { IoredisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from './redis-client.js';
