// What can a caller rely on in every error?
import { AxiosError, AxiosHeaders } from 'axios';
import {
  AuthenticationError,
  Authorizer,
  ConfigurationError,
  isAuthenticationError,
  TokenEndpointError,
} from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';
import type { AuthErrorOptions } from '../../src/index.js';

const plain: AuthErrorOptions = { code: 'network', kind: 'unavailable' };

it('the tree has one root, and each error its own name (errors)', () => {
  const configuration = new ConfigurationError('fix it');
  const endpoint = new TokenEndpointError('no', { ...plain, status: 400, error: 'invalid_grant' });
  for (const error of [configuration, endpoint]) expect(error).toBeInstanceOf(AuthenticationError);
  expect([configuration.name, endpoint.name, new AuthenticationError('x', plain).name]).toEqual([
    'ConfigurationError',
    'TokenEndpointError',
    'AuthenticationError',
  ]);
  expect(configuration).toMatchObject({ code: 'configuration', kind: 'configuration', transient: false });
  expect(String(endpoint)).toBe('TokenEndpointError: no');
});

it('instanceof tells the classes apart, and takes no other error for one of ours (errors)', () => {
  class Own extends AuthenticationError {}
  const own = new Own('x', plain);
  expect([own instanceof Own, own instanceof AuthenticationError, own instanceof ConfigurationError]).toEqual([
    true,
    true,
    false,
  ]);
  const root = new AuthenticationError('x', plain);
  expect([root instanceof Own, root instanceof TokenEndpointError]).toEqual([false, false]);
  for (const other of [new Error('x'), new AxiosError('x'), { ...plain, transient: true }, null, 'text'])
    expect(other instanceof AuthenticationError).toBe(false);
});

it('what is not known is absent (errors)', () => {
  expect(Object.keys(new AuthenticationError('x', plain)).toSorted()).toEqual(['code', 'kind', 'transient']);
  const endpoint = new TokenEndpointError('x', { ...plain, status: 503 });
  expect(Object.keys(endpoint).toSorted()).toEqual(['code', 'kind', 'status', 'transient']);
  expect(Object.hasOwn(endpoint, 'cause')).toBe(false);
});

it('what is known is there (errors)', () => {
  const serverDate = new Date(0);
  const about = { status: 429, error: 'e', errorDescription: 'd', errorUri: 'u', serverDate, retryAfterMs: 5 };
  expect(new TokenEndpointError('x', { ...plain, transient: true, ...about })).toMatchObject({
    transient: true,
    ...about,
  });
});

it('an error of another copy of the module is recognised, anything else is not (errors)', () => {
  expect(isAuthenticationError({ code: 'network', kind: 'unavailable', transient: true, message: 'x' })).toBe(true);
  expect(isAuthenticationError(new ConfigurationError('x'))).toBe(true);
  for (const other of [new Error('x'), new AxiosError('x'), { code: 'x' }, null, undefined, 'text', 5])
    expect(isAuthenticationError(other)).toBe(false);
});

it('a cause that is no axios error stays the very same (errors)', () => {
  const cause = new TypeError('deep');
  expect(new AuthenticationError('x', { ...plain, cause }).cause).toBe(cause);
});

it('a cause that is an axios error is a copy with code, status and message (C11)', () => {
  const original = axiosError();
  const { cause } = new AuthenticationError('x', { ...plain, cause: original });
  expect(cause).not.toBe(original);
  expect(cause).toMatchObject({ name: 'AxiosError', message: 'refused', code: 'ERR_BAD_REQUEST', status: 418 });
  expect(Object.keys(cause as object).toSorted()).toEqual(['code', 'status']);
  expect((cause as { stack?: string }).stack).toBe(original.stack);
});

it('an axios error further down the chain is a copy too (C11)', () => {
  const wrapper = Object.assign(new Error('wrapped', { cause: axiosError() }), { secret: 'extra' });
  const { cause } = new AuthenticationError('x', { ...plain, cause: wrapper });
  expect(cause).toMatchObject({ message: 'wrapped', cause: { name: 'AxiosError', status: 418 } });
  expect(JSON.stringify(Object.entries((cause as { cause: object }).cause))).not.toContain('header-secret');
});

it('a chain of causes that bites its own tail ends (C11)', () => {
  const one = axiosError();
  const two = new Error('two', { cause: one });
  one.cause = two;
  expect(new AuthenticationError('x', { ...plain, cause: two }).cause).toMatchObject({ message: 'two' });
});

it('each caller gets an error of its own, whose cause is shared (C5)', async () => {
  const authorizer = new Authorizer(() => Promise.reject(new Error('the vault is closed')));
  const [one, two] = await Promise.all([failureOf(authorizer.getToken()), failureOf(authorizer.getToken())]);
  expect(one).not.toBe(two);
  expect(causeOf(one)).toBe(causeOf(two));
  for (const error of [one, two]) {
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'source_failed', kind: 'unavailable' });
  }
});

it('an own error is of the class of the shared one, with its fields (C5)', async () => {
  const thrown = new TokenEndpointError('no', { ...plain, kind: 'credentials', status: 401, error: 'invalid_client' });
  const authorizer = new Authorizer(() => Promise.reject(thrown));
  const error = await failureOf(authorizer.getToken());
  expect(error).not.toBe(thrown);
  expect(error).toBeInstanceOf(TokenEndpointError);
  expect(error).toMatchObject({ name: 'TokenEndpointError', status: 401, error: 'invalid_client', message: 'no' });
  expect(causeOf(error)).toBe(thrown);
});

function axiosError(): AxiosError {
  const headers = new AxiosHeaders({ Authorization: 'header-secret' });
  const config = { headers, data: 'body-secret' };
  const response = { status: 418, statusText: 'teapot', data: 'answer-secret', headers: {}, config };
  return new AxiosError('refused', 'ERR_BAD_REQUEST', config, {}, response);
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause;
}
