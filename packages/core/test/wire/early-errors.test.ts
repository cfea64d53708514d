// An error of ours comes before anything is sent: do the other interceptors of the client hear of it, as of any other?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, Authorizer } from '../../src/index.js';
import type { AuthorizerOptions, GetToken } from '../../src/index.js';
import { capture } from './capture.js';
import { rejection } from './world.js';

interface Scene {
  readonly client: AxiosInstance;
  readonly heard: unknown[];
  readonly auth: Authorizer;
  readonly sent: readonly unknown[];
}

/** A client with interceptors of its own on both sides of ours. */
function scene(source: GetToken, options: AuthorizerOptions = {}): Scene {
  const [heard, auth, { adapter, sent }] = [[] as unknown[], new Authorizer(source, options), capture()];
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  const listen = (): number =>
    client.interceptors.response.use(undefined, (error: unknown) => {
      heard.push(error);
      throw error;
    });
  listen();
  attachAuth(client, auth);
  listen();
  return { client, heard, auth, sent };
}

const splitting: AuthorizerOptions = { headers: (bearer) => ({ 'X-Token': `${bearer}\r\nX-Evil: 1` }) };
const giving: GetToken = async () => 'token';

it('a token that cannot be put into headers is heard of, with the token at hand and after a wait (C10, C13)', async () => {
  const { client, heard, auth, sent } = scene(giving, splitting);
  const late = await rejection(client.get('/a'));
  await auth.getToken();
  const early = await rejection(client.get('/b'));
  expect([late, early]).toMatchObject([{ kind: 'configuration' }, { kind: 'configuration' }]);
  expect(heard).toEqual([late, late, early, early]);
  expect(sent).toEqual([]);
});

it('`headers` that throws is heard of, too (C13)', async () => {
  const headers = (): never => {
    throw new Error('no headers today');
  };
  const { client, heard, auth, sent } = scene(giving, { headers });
  await auth.getToken();
  const error = await rejection(client.get('/a'));
  expect(error.message).toContain('no headers today');
  expect([heard, sent]).toEqual([[error, error], []]);
});

it('a token that cannot be had is heard of, too (C13)', async () => {
  const { client, heard, sent } = scene(async () => Promise.reject(new Error('away')));
  const error = await rejection(client.get('/a'));
  expect(error).toMatchObject({ code: 'source_failed' });
  expect([heard, sent]).toEqual([[error, error], []]);
});

it('an interceptor may turn such an error into an answer (C13)', async () => {
  const { client } = scene(giving, splitting);
  client.interceptors.response.use(undefined, () => ({ status: 299 }));
  expect((await client.get('/a')).status).toBe(299);
});
