// The defaults of the original point at production. Reading there is fine; writing is an explicit choice. Nothing here is
// sent to it: an adapter answers in its place.
import { createItkdbClient, Session } from '../../src/index.js';
import { another, failureOf, world } from '../stage.js';
import { offline } from './stage.js';
import type { SessionOptions } from '../../src/index.js';
import type { Offline } from './stage.js';
import type { World } from '../stage.js';

const production = 'https://itkpd.unicornuniversity.net/';

async function inProduction(
  options: SessionOptions = {},
): Promise<World & Offline & { readonly atProduction: Session }> {
  const here = await world();
  const away = offline({ uuAppErrorMap: {} });
  const { adapter } = away;
  const atProduction = new Session({ user: here.user, prefixUrl: production, ...options }, { adapter });
  return { ...here, ...away, atProduction };
}

it.each(['post', 'put', 'patch', 'delete', 'POST', 'Delete'])(
  '%s is not sent, nor logged in for (I4)',
  async (method) => {
    const { atProduction, sent, itkdb } = await inProduction();
    const error = await failureOf(atProduction.request({ method, url: 'createThing', data: {} }));
    expect(error).toMatchObject({ kind: 'configuration' });
    expect(error.message).toContain('allowProductionWrites');
    expect([sent, itkdb.login.requests]).toEqual([[], []]);
  },
);

it.each(['postForm', 'putForm', 'patchForm', 'delete', 'post', 'put', 'patch'] as const)(
  'session.%s is not sent (I4)',
  async (name) => {
    const { atProduction, sent } = await inProduction();
    expect(await failureOf(atProduction[name]('createThing'))).toMatchObject({ kind: 'configuration' });
    expect(sent).toEqual([]);
  },
);

it.each(['get', 'head', 'options', 'GET'])('%s is sent, with the bearer (I4)', async (method) => {
  const { atProduction, sent, user } = await inProduction();
  await atProduction.request({ method, url: 'listComponents' });
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual([`Bearer ${user.bearer}`]);
});

it.each([
  ['an absolute URL', 'https://itkpd.unicornuniversity.net/createThing'],
  ['capitals', 'https://ITKPD.UnicornUniversity.net/createThing'],
  ['a port', 'https://itkpd.unicornuniversity.net:443/createThing'],
  ['plain http', 'http://itkpd.unicornuniversity.net/createThing'],
  ['a user', 'https://me@itkpd.unicornuniversity.net/createThing'],
  ['the final dot of a full name', 'https://itkpd.unicornuniversity.net./createThing'],
])('a session of another host does not write there by %s (I4)', async (_what, url) => {
  const here = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user: here.user, prefixUrl: here.itkdb.apiUrl }, { adapter });
  expect(await failureOf(session.post(url, {}))).toMatchObject({ kind: 'configuration' });
  expect(sent).toEqual([]);
});

it('a baseURL of one request is judged, too (I4)', async () => {
  const here = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user: here.user, prefixUrl: here.itkdb.apiUrl }, { adapter });
  expect(await failureOf(session.post('createThing', {}, { baseURL: production }))).toMatchObject({
    kind: 'configuration',
  });
  expect(sent).toEqual([]);
});

it('so is a URL that an interceptor of the caller puts there (I4)', async () => {
  const here = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user: here.user, prefixUrl: here.itkdb.apiUrl }, { adapter });
  session.interceptors.request.use((config) => ({ ...config, url: `${production}createThing` }));
  expect(await failureOf(session.post('x', {}))).toMatchObject({ kind: 'configuration' });
  expect(sent).toEqual([]);
});

it('with allowProductionWrites writes are sent (I4)', async () => {
  const { atProduction, sent } = await inProduction({ allowProductionWrites: true });
  await atProduction.post('createThing', { a: 1 });
  expect(sent).toMatchObject([{ method: 'post', data: '{"a":1}' }]);
});

it('a host that only looks like production is no production (I4)', async () => {
  const here = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user: here.user, prefixUrl: here.itkdb.apiUrl }, { adapter });
  await session.post('https://itkpd.unicornuniversity.net.example.org/x', {});
  expect(sent).toHaveLength(1);
});

it('the client of one call is guarded as well (I4)', async () => {
  const here = await world();
  const { sent, adapter } = offline();
  const client = createItkdbClient({ user: another(here) }, { adapter });
  expect(client.prefixUrl).toBe(production);
  expect(await failureOf(client.post('createThing', {}))).toMatchObject({ kind: 'configuration' });
  expect(sent).toEqual([]);
});
