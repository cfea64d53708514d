// A URL outside the allow list answers 401 or 403: does its reader learn why, and does nobody else hear of it?
import axios, { AxiosError } from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { attachAuth, isAuthenticationError } from '../../src/index.js';
import type { AttachAuthOptions } from '../../src/index.js';
import { always, capture } from './capture.js';
import { rejection, stage } from './world.js';

const { world, api: startApi } = stage();
const baseURL = 'https://api.example/fhir';
const url = 'https://api.example/bulk/1';

interface Said {
  readonly said: boolean;
  readonly error: AxiosError;
}

function client(options: AttachAuthOptions & { readonly base?: string } = {}): AxiosInstance {
  const { base = baseURL, ...attach } = options;
  const made = axios.create({ baseURL: base });
  attachAuth(made, always('secret-token'), attach);
  return made;
}

async function denied(
  on: AxiosInstance,
  to: string,
  { status = 401, ...config }: AxiosRequestConfig & { status?: number } = {},
): Promise<Said> {
  const error = await rejection(on.get(to, { adapter: capture(status, status).adapter, ...config }));
  const cause: unknown = error.cause;
  return { said: isAuthenticationError(cause) && cause.code === 'not_allowed', error };
}

it.each([401, 403])(
  'the error of a %d beside the allow list says that no token was sent, and names allow (C9)',
  async (status) => {
    const { error, said } = await denied(client(), url, { status });
    expect(said).toBe(true);
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_REQUEST', response: { status } });
    expect(error.message).toMatch(/^Request failed with status code \d+\. No token was sent: .*bulk\/1.*`allow`/);
    expect(error.cause).toMatchObject({ code: 'not_allowed', kind: 'configuration', transient: false });
    expect(Object.keys(error)).not.toContain('cause');
  },
);

it('through both adapters, from a real server (C9)', async () => {
  const api = await startApi({ accepts: () => false });
  for (const adapter of ['http', 'fetch']) {
    const on = axios.create({ adapter, baseURL: api.origin });
    attachAuth(on, always('secret-token'), { allow: `${api.origin}/fhir` });
    expect(await rejection(on.get('/bulk/1?signature=secret'))).toMatchObject({
      message: expect.not.stringContaining('signature=secret') as string,
      cause: { code: 'not_allowed' },
    });
  }
  expect(api.bearers()).toEqual([undefined, undefined]);
});

it.each<readonly [string, AttachAuthOptions & { base?: string }, string, boolean]>([
  ['at a host of allow', { allow: 'https://other.example/v1' }, 'https://other.example/v2', true],
  [
    'at the host of one of several prefixes',
    { allow: [baseURL, 'https://other.example/v1'] },
    'https://other.example/v2',
    true,
  ],
  ['at the host of the baseURL alone', { allow: 'https://other.example/v1' }, url, true],
  ['by another scheme', {}, 'http://api.example/fhir', true],
  ['at another port', {}, 'https://api.example:8443/fhir', false],
  ['at a stranger', {}, 'https://evil.example/fhir', false],
  ['at a host below', {}, 'https://cdn.api.example/fhir', false],
  ['at any http host when * is allowed', { allow: '*' }, 'http://evil.example/fhir', false],
  ['within allow', {}, 'https://api.example/fhir/Patient', false],
])('a 401 %s (C9): whether its error speaks of allow', async (_what, options, to, expected) => {
  const on = client(options);
  on.defaults.maxRedirects = 0;
  expect((await denied(on, to, { status: 401 })).said).toBe(expected);
});

it.each<readonly [string, AxiosRequestConfig]>([
  ['wants none', { authorizer: false }],
  ['has its own Authorization', { headers: { Authorization: 'Bearer own' } }],
  ['has Basic credentials', { auth: { username: 'ada', password: 'pw' } }],
])('a request that %s hears nothing of a token (C9, C10)', async (_what, config) => {
  expect((await denied(client(), url, config)).said).toBe(false);
});

it('another status, or a 401 that validateStatus accepts, is left alone (C9)', async () => {
  expect((await denied(client(), url, { status: 404 })).error.message).toBe('Request failed with status code 404');
  const accepted = await client().get(url, {
    adapter: async (config) => ({ data: '', status: 401, statusText: '', headers: {}, config }),
  });
  expect(accepted.status).toBe(401);
});

it('of several authorizers one that allows the URL is enough for silence (C9, C13)', async () => {
  const on = client();
  attachAuth(on, always('second-token'), { allow: 'https://api.example/bulk' });
  expect((await denied(on, url)).said).toBe(false);
  expect((await denied(on, 'https://api.example/else')).said).toBe(true);
});

it('a frozen error carries it on a copy, which is of the same kind (C9)', async () => {
  const adapter = async (config: AxiosRequestConfig): Promise<never> => {
    const response = { data: '', status: 401, statusText: '', headers: {}, config };
    return Promise.reject(
      Object.freeze(new AxiosError('no', 'ERR_BAD_REQUEST', config as never, {}, response as never)),
    );
  };
  const { error, said } = await denied(client(), url, { adapter });
  expect(said).toBe(true);
  expect(error).toBeInstanceOf(AxiosError);
  expect(error.message).toMatch(/^no\. No token was sent/);
});

it('costs no login and sends no token (C9)', async () => {
  const scene = await world({ attach: false });
  attachAuth(scene.client, scene.auth, { allow: `${scene.api.origin}/fhir` });
  await rejection(scene.client.get('/bulk'));
  expect([scene.idp.calls, scene.api.bearers()]).toEqual([0, [undefined]]);
});
