// The config of a request may hold an agent, a transport or a dispatcher, and on its sockets hang the headers of other
// requests. Whatever prints such a config shows a word in its place; the config itself stays as it is, to be sent again (C11).
import { leadsTo } from '../../internal/object-search.js';
import { hide, isObject, recordOf } from '../../internal/records.js';

/** Hold data, or code, and no socket; what is left may lead to one. */
const SOCKETLESS = new Set([
  'headers',
  'params',
  'data',
  'auth',
  'proxy',
  'signal',
  'cancelToken',
  'authorizer',
  'env',
  'transitional',
  'transformRequest',
  'transformResponse',
  'adapter',
]);

/** By these names goes nothing but what sends. */
const SENDERS = new Map([
  ['httpAgent', '[agent]'],
  ['httpsAgent', '[agent]'],
  ['agent', '[agent]'],
  ['transport', '[transport]'],
  ['dispatcher', '[dispatcher]'],
]);

/** What console.log and JSON.stringify ask an object for. */
const PRINTERS = [Symbol.for('nodejs.util.inspect.custom'), 'toJSON'];

const DEEPEST = 8;

/**
 * The config of an answer, as it may be printed by whoever gets it.
 * @returns the same, or a copy of one that was frozen
 */
export function printable<C extends object>(config: C): C {
  if (recordOf(config)['toJSON'] === shownSelf || !mayHoldSockets(config)) return config;
  const own = Object.isExtensible(config) ? config : { ...config };
  hideSockets(own);
  return own;
}

/** Has a config, or the defaults of a client of ours, print without what sockets hang on, now and later. */
export function hideSockets(config: object): void {
  for (const key of PRINTERS) hide(config, key, shownSelf);
}

function mayHoldSockets(config: object): boolean {
  const members = recordOf(config);
  for (const name in members) if (mayLeadToSocket(name, members[name])) return true;
  return false;
}

/** Asked for each member of each request's config, so it takes the fastest way: most are nothing but data (C14). */
export function mayLeadToSocket(name: string, value: unknown): boolean {
  if (typeof value === 'object') return value !== null && !SOCKETLESS.has(name);
  return typeof value === 'function' && SENDERS.has(name);
}

function shownSelf(this: object): unknown {
  return shownMembers(this, 0);
}

/** Has `error.toJSON()` of axios made of the config as it may be shown: for `redact` it would look into agents by itself. */
export function tameToJson(error: object): void {
  hide(error, 'toJSON', shownError);
}

function shownError(this: { readonly config?: unknown }): unknown {
  const { toJSON } = recordOf(Object.getPrototypeOf(this));
  const config = isObject(this.config) ? shownMembers(this.config, 0) : this.config;
  const view: unknown = Object.create(this, { config: { value: config } });
  return typeof toJSON === 'function' ? Reflect.apply(toJSON, view, []) : undefined;
}

function shownMembers(holder: object, depth: number): unknown {
  const keys = Reflect.ownKeys(holder).filter((key) => Object.prototype.propertyIsEnumerable.call(holder, key));
  return Object.fromEntries(keys.map((key) => [key, shown(String(key), Reflect.get(holder, key), depth)]));
}

function shown(name: string, value: unknown, depth: number): unknown {
  if (depth === 0 && SOCKETLESS.has(name)) return value;
  if (typeof value === 'function') return Object.keys(value).length > 0 ? (SENDERS.get(name) ?? '[function]') : value;
  if (!isObject(value)) return value;
  if (SENDERS.has(name)) return SENDERS.get(name);
  if (holdsSocket(value)) return placeholder(value);
  if (!Array.isArray(value) && !isPlain(value)) return leadsTo(value, holdsSocket) ? placeholder(value) : value;
  if (depth === DEEPEST) return '[deep]';
  return Array.isArray(value) ? value.map((item) => shown('', item, depth + 1)) : shownMembers(value, depth + 1);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function placeholder(value: object): string {
  return `[${String(Reflect.get(Object(value.constructor), 'name'))}]`;
}

/** A stream, a socket, an agent, a dispatcher of undici, a session of HTTP/2, or a raw request. */
function holdsSocket(value: unknown): boolean {
  if (!isObject(value)) return false;
  return SENDING.some((name) => typeof value[name] === 'function');
}

const SENDING = ['pipe', 'addRequest', 'createConnection', 'dispatch', 'goaway'];
