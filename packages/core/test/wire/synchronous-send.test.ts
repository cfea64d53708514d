// Does a request with a live token wait for anything before it is sent?
import axios from 'axios';
import { attachAuth, Authorizer } from '../../src/index.js';
import { capture } from './capture.js';
import { stage } from './world.js';

const { world } = stage();
const live = { accessToken: 'live', expiresAt: new Date(Date.now() + 3_600_000) };

it('with a live token the adapter is called before get() returns (C14)', async () => {
  const { adapter, sent } = capture();
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  attachAuth(client, new Authorizer(async () => Promise.resolve('fetched'), { initialToken: live }));
  const answer = client.get('/items');
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer live']);
  await answer;
});

it('so it is with other synchronous interceptors, several authorizers and a body (C14)', async () => {
  const { adapter, sent } = capture();
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  attachAuth(client, new Authorizer(async () => Promise.resolve('other')), { allow: 'https://other.example' });
  client.interceptors.request.use((config) => config, null, { synchronous: true });
  attachAuth(client, new Authorizer(async () => Promise.resolve('fetched'), { initialToken: live }));
  const answer = client.post('/items', { a: 1 });
  expect(sent.map(({ data }) => data as unknown)).toEqual(['{"a":1}']);
  await answer;
});

it('so it is not allowed, opted out, and with credentials of the caller (C14)', async () => {
  const { adapter, sent } = capture();
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  attachAuth(client, new Authorizer(async () => Promise.resolve('fetched')));
  const answers = [
    client.get('https://stranger.example/'),
    client.get('/items', { authorizer: false }),
    client.get('/items', { headers: { Authorization: 'Bearer mine' } }),
  ];
  expect(sent).toHaveLength(3);
  await Promise.all(answers);
});

it('so it is with a stale token, which is replaced behind the request (C1, C14)', async () => {
  const { client, clock, idp, auth } = await world();
  await client.get('/first');
  await clock.advance(240_000);
  const { adapter, sent } = capture();
  const answer = client.get('/items', { adapter });
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer token-1']);
  await answer;
  expect((await auth.getToken({ force: true })).accessToken).toBe(`token-${idp.calls}`);
});

it('a request without a token is sent as soon as there is one, and not before (C1)', async () => {
  const { client } = await world();
  const { adapter, sent } = capture();
  const answer = client.get('/items', { adapter });
  expect(sent).toHaveLength(0);
  await answer;
  expect(sent).toHaveLength(1);
});
