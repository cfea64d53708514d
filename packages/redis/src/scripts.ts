// What must happen in one step happens in Redis. Each script works on one key, so that it runs on any cluster.
import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** ARGV: owner, lease in ms. Takes the lock, or holds it longer; 0, else for how many ms another has it. */
export const ACQUIRE: Script = script(`
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 0
end
return math.max(redis.call('PTTL', KEYS[1]), 1)`);

/** ARGV: owner, channel. Gives back a lock that is still its owner's, and tells those who wait. */
export const RELEASE: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], '')
return 1`);

/**
 * ARGV: the generation that was loaded, the new one, the value, how long to keep it in ms.
 * Saves over the generation that was loaded or over nothing; else hands back what stands, '' after a logout.
 * A client that sends a command again after a lost answer finds its own generation.
 */
export const SAVE: Script = script(`
local standing = redis.call('HGET', KEYS[1], 'generation')
if standing == ARGV[2] then return false end
if standing and standing ~= ARGV[1] then return redis.call('HGET', KEYS[1], 'value') end
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'value', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return false`);

/** ARGV: the new generation, how long to remember the logout in ms. */
export const CLEAR: Script = script(`
redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'value', '')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`);

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
