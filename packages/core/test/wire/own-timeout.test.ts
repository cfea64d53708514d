// Some of a caller's timeout was spent waiting for a token: does the error of the rest name the caller's own number?
import { AxiosError } from 'axios';
import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { gate, until } from '@axios-authorizer/test-kit';
import { rejection, stage } from './world.js';

const { world, server } = stage();
const timeout = 200;

/** The error of a request that waited 190 ms, by the clock, for its token, and then for an API that never answers. */
async function lateError(config: AxiosRequestConfig): Promise<AxiosError> {
  const silent = await server(() => undefined);
  const { client, idp, clock } = await world({ attach: { allow: silent.origin } });
  const token = gate();
  idp.next({ after: token.opened });
  const late = rejection(client.get(`${silent.origin}/items`, { timeout, ...config }));
  await until(() => idp.calls === 1, 'the token call');
  await clock.advance(190);
  token.open();
  return late;
}

const words = 'timeout of 200ms exceeded';

it.each<readonly [string, AxiosRequestConfig, string]>([
  ['the http adapter', { adapter: 'http' }, words],
  ['the fetch adapter', { adapter: 'fetch' }, words],
  ['the http adapter with a message of its own', { adapter: 'http', timeoutErrorMessage: 'too slow' }, 'too slow'],
  ['the fetch adapter, which knows no other message', { adapter: 'fetch', timeoutErrorMessage: 'too slow' }, words],
])('the error of %s names the number that the caller gave (C4)', async (_adapter, config, message) => {
  const error = await lateError(config);
  expect(error).toMatchObject({ message, config: { timeout } });
  expect(error.stack).not.toMatch(/timeout of (?!200ms)/);
  expect([AxiosError.ECONNABORTED, AxiosError.ETIMEDOUT]).toContain(error.code);
});

it.each([
  ['as xhr words it', AxiosError.ECONNABORTED],
  ['as xhr words it, told apart', AxiosError.ETIMEDOUT],
])('so does that of an adapter of the caller, %s, frozen or not (C4)', async (_how, code) => {
  for (const made of [(error: AxiosError) => error, (error: AxiosError) => Object.freeze(error)]) {
    const adapter: AxiosAdapter = async (config) =>
      Promise.reject(made(new AxiosError(`timeout of ${config.timeout}ms exceeded`, code, config)));
    expect(await lateError({ adapter })).toMatchObject({ name: 'AxiosError', message: words, code });
  }
});

it.each([
  ['another wording', 'timeout of 10ms exceeded by the proxy', AxiosError.ECONNABORTED],
  ['another code', 'timeout of 10ms exceeded', AxiosError.ERR_NETWORK],
])('an error of %s is left as it is (C4)', async (_how, message, code) => {
  const adapter: AxiosAdapter = async (config) => Promise.reject(new AxiosError(message, code, config));
  expect(await lateError({ adapter })).toMatchObject({ message, code });
});

it('the rest after a redirect on the fetch adapter is named so too (C4)', async () => {
  const silent = await server(({ url }, response) => {
    if (url !== '/items') return;
    clock.set(clock.now() + 190);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const { client, auth, clock } = await world({ attach: { allow: silent.origin } });
  await auth.getToken();
  const error = await rejection(client.get(`${silent.origin}/items`, { timeout, adapter: 'fetch' }));
  expect(error).toMatchObject({ message: words, code: AxiosError.ETIMEDOUT });
});
