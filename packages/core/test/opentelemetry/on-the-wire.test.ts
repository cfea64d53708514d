// What is told of requests: rejections, resends, skips; with real servers, and nothing that is nobody's business.
import { leaks } from '@axios-authorizer/test-kit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptedStore } from '../lifecycle/scripted-store.js';
import { rejection, stage } from '../wire/world.js';
import { keepContext, telemetry } from './stage.js';

keepContext();
const { world } = stage();

it('a refusal, what retries it and what does not, by status and server; told on the span of the request too (C7)', async () => {
  const seen = telemetry();
  const { client, api, idp, clock } = await world({ auth: { observer: seen.observer } });
  await client.get('/warm-up');
  idp.revokeAll();
  await seen.within('GET /retried', () => client.get('/retried?key=hidden'));
  await clock.advance(60_000);
  api.next({ status: 401 }, { status: 401 });
  await rejection(client.get('/refused-for-ever'));
  await clock.advance(3_600_000);
  api.next({ status: 401 }, { status: 404 });
  await rejection(client.get('/not-there'));
  const server = { 'server.address': '127.0.0.1', 'server.port': Number(new URL(api.origin).port) };
  const refused = { ...server, 'http.response.status_code': 401 };
  const of = (retried: boolean, status: number): object => ({
    attributes: { ...server, 'axios_authorizer.accepted': retried, 'http.response.status_code': status },
    value: 1,
  });
  expect(await seen.series('axios_authorizer.request.rejections')).toEqual([{ attributes: refused, value: 3 }]);
  const resends = await seen.series('axios_authorizer.request.resends');
  expect(resends).toEqual([of(true, 200), of(false, 401), of(true, 404)]);
  const url = { 'url.full': `${api.origin}/retried` };
  expect(seen.spans('GET /retried')[0]?.events).toMatchObject([
    { name: 'axios_authorizer.unauthorized', attributes: { ...url, 'http.response.status_code': 401 } },
    {
      name: 'axios_authorizer.resent',
      attributes: { ...url, 'http.response.status_code': 200, 'axios_authorizer.accepted': true },
    },
  ]);
});

it('retried is what `unauthorized` no longer rejects, whatever the status (C7)', async () => {
  const seen = telemetry();
  const unauthorized = ({ status }: { readonly status: number }): boolean => status === 500;
  const { client, api } = await world({ auth: { observer: seen.observer }, attach: { unauthorized } });
  api.next({ status: 500 }, { status: 500 });
  await rejection(client.get('/'));
  const [resend] = await seen.series('axios_authorizer.request.resends');
  expect(resend?.attributes).toMatchObject({ 'axios_authorizer.accepted': false, 'http.response.status_code': 500 });
});

it('a request that gets no token is counted by why, one that gets a live one is not told of (C10, C14)', async () => {
  const seen = telemetry();
  const { client } = await world({ auth: { observer: seen.observer } });
  await client.get('/');
  await seen.within('GET /', () => client.get('/'));
  await rejection(client.get('/', { authorizer: false }));
  expect(await seen.series('axios_authorizer.request.skips')).toEqual([
    { attributes: { 'axios_authorizer.skip.reason': 'opted_out' }, value: 1 },
  ]);
  expect(seen.spans('GET /')[0]?.events).toEqual([]);
  expect(seen.spans('wait for token')).toEqual([]);
});

it('no span and no measurement holds a token, a credential or a query (C11)', async () => {
  const seen = telemetry();
  const refreshTokens = 'rotating';
  const idpOptions = { prefix: 'secret-access', refreshTokens } as const;
  const { client, idp, auth } = await world({ idp: idpOptions, auth: { observer: seen.observer } });
  await seen.within('all', async () => {
    await client.get('/?key=hidden');
    idp.revokeAll();
    await client.get('/?key=hidden');
    idp.next({ status: 400, json: { error: 'invalid_client', error_description: 'not the-secret' } });
    await rejection(auth.getToken({ force: true }));
  });
  const spans = ['all', 'acquire token', 'wait for token'].flatMap((name) => seen.spans(name));
  const shown = spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expect(shown.length).toBeGreaterThan(5);
  const everything = JSON.stringify([shown, await seen.metrics()]);
  expect(leaks(everything, ['secret-access', 'the-secret', 'the-password', 'refresh-', 'hidden', '?'])).toEqual([]);
});

it('every metric that is emitted stands in the table of the guide with its unit', async () => {
  const seen = telemetry();
  const store = new ScriptedStore();
  store.on('save', () => Promise.reject(new Error('full')));
  const { client, api, auth, idp } = await world({ auth: { observer: seen.observer, store } });
  api.next({ status: 401 });
  await client.get('/');
  await rejection(client.get('/', { authorizer: false }));
  await auth.getToken({ force: true });
  idp.always({ status: 401, json: { error: 'invalid_client' } });
  await rejection(auth.getToken({ force: true }));
  const guide = readFileSync(join(__dirname, '../../../../docs/guide/observability.md'), 'utf8');
  const emitted = (await seen.metrics()).map(({ descriptor: { name, unit } }) => `\`${name}\` | \`${unit}\``);
  expect(emitted).toHaveLength(11);
  const flat = guide.replaceAll(/ +/g, ' ');
  expect(emitted.filter((row) => !flat.includes(row))).toEqual([]);
});
