// What another's error holds is not ours to know: does the cause of an error of ours show what was sent, wherever it stands?
import { runInNewContext } from 'node:vm';
import { PassThrough } from 'node:stream';
import { AxiosError, AxiosHeaders } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { AuthenticationError } from '../../src/index.js';
import { printed } from './printers.js';
import { accessToken, apiKey, clientSecret, password, refreshToken } from './secrets.js';

const config: InternalAxiosRequestConfig = {
  url: '/token',
  method: 'post',
  headers: new AxiosHeaders({ Authorization: `Bearer ${accessToken}`, 'X-Api-Key': apiKey }),
  data: `client_secret=${clientSecret}`,
  auth: { username: 'u', password },
};
const response = { status: 400, statusText: 'no', headers: {}, config, data: { refreshToken } };

function axiosError(): AxiosError {
  return new AxiosError('Request failed', 'ERR_BAD_REQUEST', config, { clientSecret }, response);
}

function deep(levels: number, inner: unknown): unknown {
  return levels === 0 ? inner : { next: deep(levels - 1, inner) };
}

function failed(members: object = {}): Error {
  return Object.assign(new Error('outer'), members);
}

function hidden(value: unknown): object {
  return Object.defineProperty({}, 'inner', { value, enumerable: false });
}

class Kept {
  readonly #inner: unknown;
  constructor(inner: unknown) {
    this.#inner = inner;
  }
  toJSON(): unknown {
    return this.#inner;
  }
}

const throwing = Object.defineProperty(failed({ response }), 'odd', {
  enumerable: true,
  get: () => {
    throw new Error('not for you');
  },
});

it.each<[what: string, cause: unknown]>([
  ['an AxiosError', axiosError()],
  ['a response', response],
  ['a config', config],
  ['an error with a response', failed({ response })],
  ['an error with a config', failed({ config })],
  ['an error with a response under another name', failed({ answer: response })],
  ['an error with headers under another name', failed({ sent: config.headers })],
  ['an error with a dictionary of headers', failed({ sent: { authorization: `Bearer ${accessToken}` } })],
  ['an error with a response in a Map', failed({ tries: new Map([['first', response]]) })],
  ['an error with a response as a key of a Map', failed({ tries: new Map([[response, 1]]) })],
  ['an error with a config in a Set', failed({ tries: new Set([config]) })],
  ['an error with a response in a list', failed({ tries: [[response]] })],
  ['an error with a response six levels deep', failed({ deep: deep(5, response) })],
  ['an error with a response eight levels deep', failed({ deep: deep(7, response) })],
  ['an error with an AxiosError under a symbol', failed({ [Symbol('kept')]: axiosError() })],
  ['an error with a hidden AxiosError', failed({ kept: hidden(axiosError()) })],
  ['an error whose toJSON gives a response', failed({ kept: new Kept(response) })],
  ['an error with a promise of a response', failed({ pending: Promise.resolve(response) })],
  ['an AggregateError of responses', new AggregateError([response, failed({ response })], 'all failed')],
  ['an AggregateError in causes', new Error('1', { cause: new AggregateError([axiosError()], 'all failed') })],
  ['a cause of a cause of a cause', new Error('1', { cause: new Error('2', { cause: failed({ response }) }) })],
  ['an error with a getter that throws', throwing],
  ['an error with a raw stream', failed({ body: Object.assign(new PassThrough(), { sent: clientSecret }) })],
  ['an object that is no error', { message: 'odd', answer: response }],
  ['a Map', new Map([['answer', response]])],
  ['an error with the client that it used', failed({ client: Object.assign(() => 0, { defaults: config }) })],
  ['an error of another realm', runInNewContext('Object.assign(new Error("outer"), { tries: new Map([["a", response]]) })', { response })], // prettier-ignore
  ['a frozen error', Object.freeze(failed({ response }))],
])('%s as a cause is a copy that shows nothing (C11)', (_, cause) => {
  const error = new AuthenticationError('failed', { code: 'network', kind: 'unavailable', cause });
  expect(error.cause).toBeInstanceOf(Error);
  expect(error.cause).not.toBe(cause);
  expect(printed(error)).toEqual([]);
  expect(printed(error.cause)).toEqual([]);
});

it('the copy has name, message, code, status, stack, and the causes below (C11)', () => {
  const outer = Object.assign(new TypeError('outer', { cause: axiosError() }), { code: 'E1', status: 502, response });
  const { cause } = new AuthenticationError('x', { code: 'network', kind: 'unavailable', cause: outer });
  expect(cause).toMatchObject({ name: 'TypeError', message: 'outer', code: 'E1', status: 502, stack: outer.stack });
  expect(cause).toMatchObject({ cause: { name: 'AxiosError', code: 'ERR_BAD_REQUEST', status: 400 } });
  expect(Object.keys(cause as object).toSorted()).toEqual(['code', 'status']);
});

it('what is copied is plain: a code that is an object is left out (C11)', () => {
  const odd = failed({ code: { clientSecret }, status: { refreshToken }, response });
  const { cause } = new AuthenticationError('x', { code: 'network', kind: 'unavailable', cause: odd });
  expect(Object.keys(cause as object)).toEqual([]);
});

const cyclic: { self?: unknown; list: unknown[] } = { list: [] };
cyclic.self = cyclic;
cyclic.list.push(cyclic, new Map([[cyclic, new Set([cyclic])]]));

it.each<[what: string, cause: unknown]>([
  ['an error', new RangeError('plain')],
  ['an error with members', failed({ code: 'ENOENT', path: '/x', info: { tries: [1, 2], at: new Date(0) } })],
  ['an error with members in circles', failed({ cyclic })],
  ['an error with maps, sets and bytes', failed({ maps: new Map([['a', new Set([1])]]), bytes: new Uint8Array(1e6) })],
  ['an error with a status', failed({ status: 500, statusCode: 500, url: '/x' })],
  ['an error of ours', new AuthenticationError('x', { code: 'network', kind: 'unavailable' })],
  ['a text', 'out of order'],
  ['an error with a function', failed({ retry: () => undefined, Class: Kept })],
])('%s without axios in it stays the very same (C11)', (_, cause) => {
  expect(new AuthenticationError('x', { code: 'network', kind: 'unavailable', cause }).cause).toBe(cause);
});

it.each<[what: string, cause: () => unknown]>([
  ['a million members', () => failed({ rows: Array.from({ length: 1_000_000 }, (_, id) => ({ id })) })],
  ['a tree without end', () => failed({ tree: endless() })],
  ['a Proxy that refuses everything', () => new Proxy(failed(), refusing)],
  ['a member that is such a Proxy', () => failed({ inner: new Proxy({}, refusing) })],
  ['a revoked Proxy', () => failed({ inner: revoked() })],
  ['an AggregateError of itself', () => Object.assign(new AggregateError([], 'round'), selfish())],
])('%s is copied and neither fails nor takes long (C11)', (_, make) => {
  const { cause } = new AuthenticationError('x', { code: 'network', kind: 'unavailable', cause: make() });
  expect(cause).toBeInstanceOf(Error);
  expect(Object.keys(cause as object)).not.toContain('rows');
});

const refusing: ProxyHandler<object> = Object.fromEntries(
  ['get', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'has'].map((trap) => [
    trap,
    () => {
      throw new TypeError(`no ${trap}`);
    },
  ]),
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function endless(): object {
  return new Proxy({}, { ownKeys: () => ['a', 'b', 'c', 'd', 'e', 'f'], get: () => endless() });
}

function selfish(): { errors: unknown[]; response: object } {
  const errors: unknown[] = [];
  const round = { errors, response };
  errors.push(...Array.from({ length: 50 }, () => round));
  return round;
}
