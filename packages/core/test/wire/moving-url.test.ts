// `config.url` may be a URL object that its owner changes: is each request judged by where it really goes?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { gate, until } from '@axios-authorizer/test-kit';
import type { ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { stage } from './world.js';

const { api: startApi } = stage();
const open = { accepts: () => true };

interface Scene {
  readonly api: ResourceServer;
  readonly stranger: ResourceServer;
  readonly client: AxiosInstance;
}

/** On the http adapter: the fetch adapter of axios itself takes no URL object. */
async function scene(source = async (): Promise<string> => 'secret-token'): Promise<Scene> {
  const [api, stranger] = await Promise.all([startApi(open), startApi(open)]);
  const client = axios.create({ adapter: 'http' });
  attachAuth(client, new Authorizer(source), { allow: api.origin });
  return { api, stranger, client };
}

/** axios itself takes a URL object where its types say string. */
function asUrl(url: URL): string {
  return url as unknown as string;
}

it('a URL object that has changed since the last request is judged anew, both ways (C9)', async () => {
  const { api, stranger, client } = await scene();
  const url = new URL('/items', api.origin);
  await client.get(asUrl(url));
  url.href = `${stranger.origin}/items`;
  await client.get(asUrl(url));
  url.href = `${api.origin}/again`;
  await client.get(asUrl(url));
  expect(api.bearers()).toEqual(['secret-token', 'secret-token']);
  expect(stranger.requests).toHaveLength(1);
  expect(stranger.bearers()).toEqual([undefined]);
});

it('one that changes while its request waits for a token takes none to a stranger (C9)', async () => {
  const token = gate();
  let asked = 0;
  const source = async (): Promise<string> => ((asked += 1), token.opened.then(() => 'secret-token'));
  const { api, stranger, client } = await scene(source);
  const url = new URL('/items', api.origin);
  const answer = client.get(asUrl(url)).catch(() => undefined);
  await until(() => asked === 1, 'the token to be asked for');
  url.href = `${stranger.origin}/items`;
  token.open();
  await answer;
  expect(stranger.bearers().filter((bearer) => bearer !== undefined)).toEqual([]);
});
