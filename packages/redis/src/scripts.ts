// What must happen in one step happens in Redis. Each script works on one key, so that it runs on any cluster.
import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * ARGV: owner, lease in ms. Takes the lock, or holds it longer; 0, else for how many ms another has it.
 * Whoever lives has set an end, in the same step as the lock. One without an end was left by hand or by a broken client, and
 * gets a lease: should somebody work under it after all, they have that long.
 */
export const ACQUIRE: Script = script(`
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 0
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return tonumber(ARGV[2])
end
return math.max(left, 1)`);

/**
 * ARGV: owner, channel, what to tell besides. Gives back a lock that is still its owner's, and tells those who wait how many they
 * are, so that not all of a fleet ask at once; a user may lack the right to count them.
 */
export const RELEASE: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
local counted = redis.pcall('PUBSUB', 'NUMSUB', ARGV[2])
redis.call('PUBLISH', ARGV[2], (counted[2] or '') .. ARGV[3])
return 1`);

/**
 * ARGV: the generation that may be replaced, the new one, the value, how long to keep it in ms, 'any' to replace whatever stands,
 * the channel that is told of the new generation, for which a user may lack the right.
 * Saves, and answers nil; else keeps what stands and answers its generation and value, which is '' for the mark of a sign-out.
 * A client that sends a command again after a lost answer finds its own generation.
 */
export const SAVE: Script = script(`
local standing = redis.call('HMGET', KEYS[1], 'generation', 'value')
if standing[1] == ARGV[2] then return false end
if ARGV[5] ~= 'any' and standing[1] and (standing[2] == '' or standing[1] ~= ARGV[1]) then return standing end
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'value', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.pcall('PUBLISH', ARGV[6], ARGV[2])
return false`);

/**
 * ARGV: the new generation, how long the mark of the sign-out stands in ms, the channel that is told.
 * Where there is no memory for a mark the token is forgotten all the same, and the answer is Redis' error.
 */
export const CLEAR: Script = script(`
local marked = redis.pcall('HSET', KEYS[1], 'generation', ARGV[1], 'value', '')
if type(marked) == 'table' and marked.err then
  redis.call('DEL', KEYS[1])
  return marked
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.pcall('PUBLISH', ARGV[3], ARGV[1])
return 1`);

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
