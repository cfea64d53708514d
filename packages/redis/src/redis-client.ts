// The user's client, as far as it is needed: node-redis, its cluster, and ioredis (cluster included) differ in how a command
// is sent and how a channel is listened to; they are told apart by their shape, so that none of them is a dependency.
import { ConfigurationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';

/** What is needed of node-redis: `createClient(…)`. */
export interface NodeRedisClient {
  /** Sends one command, given as its words; the store calls nothing else but `duplicate`, to hear of a freed lock. */
  sendCommand(args: string[]): Promise<unknown>;
}

/** What is needed of node-redis: `createCluster(…)`. */
export interface NodeRedisCluster {
  /** What tells a cluster from a single client; not read. */
  readonly slots: unknown;
  /** Sends one command to the node that has the key. */
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>;
}

/** What is needed of ioredis: `new Redis(…)` or `new Redis.Cluster(…)`. */
export interface IoredisClient {
  /** Sends one command. */
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** A client that you have made and connected, and will close. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoredisClient;

/** One way to send a command, whatever the client. */
export interface Wire {
  send(key: string, command: readonly [string, ...string[]]): Promise<unknown>;
  /** Hears a channel through a connection of its own; undefined when there is no such way. */
  listen(channel: string, heard: (message: unknown) => void): Listening | undefined;
}

export interface Listening {
  /** Resolves when it listens, or when it is clear that it will not. */
  readonly begun: Promise<void>;
  end(): void;
}

/** @throws ConfigurationError for what is no client */
export function wireOf(client: RedisClient): Wire {
  if (isIoredis(client)) return ioredisWire(client);
  if (typeof recordOf(client)['sendCommand'] === 'function') return nodeRedisWire(client);
  throw new ConfigurationError(
    'redisTokenStore needs a client of node-redis (createClient, createCluster) or of ioredis, made and connected by you',
  );
}

/** ioredis has a `sendCommand` as well, which takes something else. */
function isIoredis(client: RedisClient): client is IoredisClient {
  return typeof recordOf(client)['call'] === 'function';
}

function nodeRedisWire(client: NodeRedisClient | NodeRedisCluster): Wire {
  return {
    send: async (key, [...command]) =>
      'slots' in client ? client.sendCommand(key, false, command) : client.sendCommand(command),
    listen: (channel, heard) =>
      listening(client, async (own) => {
        letGo(own);
        await invoke(own, 'connect');
        await invoke(own, 'subscribe', channel, heard);
      }),
  };
}

function ioredisWire(client: IoredisClient): Wire {
  return {
    send: async (_key, [name, ...args]) => client.call(name, ...args),
    listen: (channel, heard) =>
      listening(client, async (own) => {
        await invoke(own, 'on', 'message', (_channel: unknown, message: unknown) => heard(message));
        letGo(own);
        await invoke(own, 'subscribe', channel);
      }),
  };
}

/** What a client says when it has ended for good; node-redis' cluster has another word for it. */
const ENDS = ['end', 'disconnect'];

/** A second connection, made like the first: one that listens can send nothing. It can be ended before it is there. */
function listening(client: RedisClient, begin: (own: unknown) => Promise<void>): Listening | undefined {
  const { duplicate } = recordOf(client);
  if (typeof duplicate !== 'function') return undefined;
  const own: unknown = Reflect.apply(duplicate, client, []);
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    for (const event of ENDS) void invoke(client, 'removeListener', event, over);
    end(own);
  };
  const begun = invoke(own, 'on', 'error', () => undefined) // the user's own client tells of the same trouble
    .then(() => begin(own))
    .catch(over);
  for (const event of ENDS) void invoke(client, 'once', event, over); // it does not outlive the user's client
  return { begun, end: over };
}

function end(own: unknown): void {
  const { destroy, disconnect } = recordOf(own);
  const way = typeof destroy === 'function' ? 'destroy' : typeof disconnect === 'function' ? 'disconnect' : 'quit';
  invoke(own, way).catch(() => undefined);
}

async function invoke(target: unknown, name: string, ...args: readonly unknown[]): Promise<unknown> {
  const { [name]: method } = recordOf(target);
  return typeof method === 'function' ? Reflect.apply(method, target, args) : undefined;
}

/** Listening keeps no process alive, where the client can say so: node-redis by itself, ioredis by each of its streams. */
function letGo(own: unknown): void {
  void invoke(own, 'unref');
  void invoke(own, 'on', 'connect', () => void invoke(recordOf(own)['stream'], 'unref'));
}
