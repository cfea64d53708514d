// A Redis in memory and in virtual time: the commands and scripts that redisTokenStore uses, one after the other as in the real one,
// each after the way there and back. Counts what it is sent. test/redis-model.test.mjs compares it with a real redis-server.
import { createHash } from 'node:crypto';
import { scriptOf } from './scripts.mjs';

/** There, or back: half a millisecond for both, as in one data centre. */
const WAY_MS = 0.25;
/** What one command costs the server, and one message to one who listens; a script costs its commands (measured: see the README). */
const COMMAND_MS = 0.01;
const MESSAGE_MS = 0.002;

export class RedisModel {
  /** Called with the name of each command that a client sends, and the instant at which the server runs it. */
  onCommand = () => undefined;
  /** Commands by name, those of scripts among them, as INFO commandstats counts them. */
  calls = {};
  connections = 0;
  mostConnections = 0;
  /** How long a command has waited for those before it, at most. */
  longestQueueMs = 0;
  messages = 0;
  #time;
  #keys = new Map();
  #scripts = new Map();
  #listeners = new Map();
  #freeAt = 0;
  #waiting = [];
  #isAway = false;
  /** Of all commands so far, in ms of the server. */
  #cost = 0;

  constructor(time) {
    this.#time = time;
  }

  /** A client like node-redis' createClient: connected, with commands that wait where the server is away. */
  client() {
    this.#connected(1);
    return {
      sendCommand: (words) => this.#sent(words),
      duplicate: () => this.#duplicate(),
      destroy: () => this.#connected(-1),
    };
  }

  /** No answer, until `back`: what clients send meanwhile waits in them, as with node-redis by default. Keys stay. */
  away() {
    this.#isAway = true;
  }

  back() {
    this.#isAway = false;
    for (const begin of this.#waiting.splice(0)) begin();
  }

  #duplicate() {
    const channels = [];
    let isOver = false;
    return {
      connect: async () => this.#connected(1),
      subscribe: async (channel, heard) => {
        await this.#sent(['SUBSCRIBE', channel]);
        if (isOver) return;
        const listener = { heard, channel };
        channels.push(listener);
        this.#of(channel).add(listener);
      },
      destroy: () => {
        if (isOver) return;
        isOver = true;
        this.#connected(-1);
        for (const listener of channels) this.#of(listener.channel).delete(listener);
      },
    };
  }

  #of(channel) {
    const known = this.#listeners.get(channel);
    if (known) return known;
    const made = new Set();
    this.#listeners.set(channel, made);
    return made;
  }

  #connected(by) {
    this.connections += by;
    this.mostConnections = Math.max(this.mostConnections, this.connections);
  }

  #sent(words) {
    return new Promise((resolve, reject) => {
      const begin = () => this.#time.at(this.#time.now + WAY_MS, () => this.#queued(words, { resolve, reject }));
      if (this.#isAway) this.#waiting.push(begin);
      else begin();
    });
  }

  /** One command at a time: who comes while the server works waits for its turn. */
  #queued(words, { resolve, reject }) {
    const { now } = this.#time;
    const beginsAt = Math.max(now, this.#freeAt);
    this.longestQueueMs = Math.max(this.longestQueueMs, beginsAt - now);
    this.onCommand(words[0], beginsAt);
    const before = this.#cost;
    const answer = this.#run(words);
    this.#freeAt = beginsAt + (this.#cost - before);
    const answered = answer instanceof Error ? () => reject(answer) : () => resolve(answer);
    this.#time.at(this.#freeAt + WAY_MS, answered);
  }

  #run([name, ...args]) {
    this.#counted(name);
    if (name === 'EVALSHA' || name === 'EVAL') return this.#script(name, args);
    if (name === 'SUBSCRIBE') return 'OK';
    const answer = this.#command(name, args);
    return Array.isArray(answer) ? answer.map(replied) : replied(answer);
  }

  #script(name, [script, count, ...operands]) {
    const [keys, args] = [operands.slice(0, Number(count)), operands.slice(Number(count))];
    const sha = name === 'EVALSHA' ? script : createHash('sha1').update(script).digest('hex');
    if (name === 'EVAL' && !this.#scripts.has(sha)) this.#scripts.set(sha, scriptOf(script));
    const run = this.#scripts.get(sha);
    if (run === undefined) return new Error('NOSCRIPT No matching script. Please use EVAL.');
    const answer = run(keys, args, (inner, ...words) => {
      this.#counted(inner);
      return this.#command(inner, words);
    });
    return Array.isArray(answer) ? answer.map(replied) : replied(answer);
  }

  #counted(name) {
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    this.#cost += COMMAND_MS;
  }

  #command(name, args) {
    const command = COMMANDS[name];
    if (command === undefined) throw new Error(`The model of Redis does not know ${name}`);
    return command.call(this, ...args);
  }

  /** The entry of a key that has not run out, at the instant at which the server works. */
  entry(key) {
    const found = this.#keys.get(key);
    if (found === undefined || found.endsAt > this.#time.now) return found;
    this.#keys.delete(key);
    return undefined;
  }

  put(key, entry) {
    this.#keys.set(key, { endsAt: Infinity, ...entry });
  }

  drop(key) {
    return this.#keys.delete(key);
  }

  get now() {
    return this.#time.now;
  }

  listeners(channel) {
    return this.#of(channel).size;
  }

  publish(channel, message) {
    const listeners = [...this.#of(channel)];
    this.messages += listeners.length;
    for (const [index, { heard }] of listeners.entries()) {
      const at = Math.max(this.#time.now, this.#freeAt) + (index + 1) * MESSAGE_MS + WAY_MS;
      this.#time.at(at, () => this.#isAway || heard(message));
    }
    this.#cost += listeners.length * MESSAGE_MS;
    return listeners.length;
  }
}

/** What a script sees: false for nothing. */
const COMMANDS = {
  HMGET(key, ...fields) {
    const { fields: held } = this.entry(key) ?? {};
    return fields.map((field) => held?.[field] ?? false);
  },
  HSET(key, ...pairs) {
    const { fields = {}, endsAt = Infinity } = this.entry(key) ?? {};
    const added = Object.fromEntries(pairs.flatMap((name, index) => (index % 2 ? [] : [[name, pairs[index + 1]]])));
    this.put(key, { fields: { ...fields, ...added }, endsAt });
    return Object.keys(added).length;
  },
  SET(key, value, onlyNew, _px, ms) {
    if (onlyNew === 'NX' && this.entry(key)) return false;
    this.put(key, { value, endsAt: this.now + Number(ms) });
    return 'OK';
  },
  GET(key) {
    return this.entry(key)?.value ?? false;
  },
  DEL(key) {
    return Number(this.drop(key));
  },
  PTTL(key) {
    const found = this.entry(key);
    if (found === undefined) return -2;
    return found.endsAt === Infinity ? -1 : Math.ceil(found.endsAt - this.now);
  },
  PEXPIRE(key, ms) {
    const found = this.entry(key);
    if (found) found.endsAt = this.now + Number(ms);
    return Number(found !== undefined);
  },
  PUBSUB(_numsub, channel) {
    return [channel, this.listeners(channel)];
  },
  PUBLISH(channel, message) {
    return this.publish(channel, message);
  },
};

/** As a client gets it: nothing is null, and a number has no fraction. */
function replied(value) {
  if (value === false || value === undefined) return null;
  return typeof value === 'number' ? Math.trunc(value) : value;
}
