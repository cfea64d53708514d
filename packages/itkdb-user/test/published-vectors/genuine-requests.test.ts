// Are our requests the genuine client's? What Python's itkdb sent in each scenario, its cache off, was recorded.
import { recorded, scenario, tellWhenSkipped, withRecordings } from './data.js';
import { failureOf, loopback, world } from '../stage.js';
import { Session } from '../../src/index.js';
import type { Received } from '@axios-authorizer/test-kit';
import type { World, WorldOptions } from '../stage.js';
import type { Sent } from './data.js';

tellWhenSkipped();

/** What the connection and the library send by themselves. */
const TRANSPORT = ['accept', 'accept-encoding', 'connection', 'content-length', 'host', 'user-agent'];

interface Comparable {
  readonly method: string;
  readonly path: string;
  readonly headers: object;
  readonly body: unknown;
}

function comparable(method: string, path: string, { headers, body }: Pick<Sent, 'headers' | 'body'>): Comparable {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const kept = lowered
    .filter(([name]) => !TRANSPORT.includes(name))
    .map(([name, value]) => [name, hidden(name, value)]);
  return { method, path, headers: Object.fromEntries(kept) as object, body };
}

/** Bearers differ; that one is a signed JWT, and which key is in its place, counts. */
function hidden(name: string, value: string): string {
  return name === 'authorization' ? value.replace(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/, 'Bearer <a JWT>') : value;
}

function genuine({ requests }: { readonly requests: readonly Sent[] }): readonly Comparable[] {
  return requests.map((request) => comparable(request.method, request.url, request));
}

function ours({ method, url, headers, body }: Received): Comparable {
  const told = body.length > 0 ? { body: JSON.parse(body.toString()) as unknown } : { body: undefined };
  return comparable(method, url, { headers: headers as Sent['headers'], ...told });
}

/** All that was sent: the login comes first in each scenario, and is made once. */
function sentIn({ itkdb }: World): readonly Comparable[] {
  const all = [...itkdb.login.requests, ...itkdb.api.requests];
  return all.map(ours);
}

/** What a page of components is asked for with. */
const page = { project: 'P', pageInfo: { pageIndex: 0, pageSize: 32 } };
const things = { commands: { a: { json: { uuAppErrorMap: {} } }, b: { json: { uuAppErrorMap: {} } } } };

const rows: readonly (readonly [name: string, given: WorldOptions, work: (here: World) => Promise<unknown>])[] = [
  ['login', {}, ({ user }) => user.authenticate()],
  [
    'login_wrong_codes',
    { user: { accessCode1: 'foo', accessCode2: 'bar' } },
    async ({ user }) => expect((await failureOf(user.authenticate())).code).toBe('wrong_access_codes'),
  ],
  [
    'three_gets_one_login',
    {},
    async ({ session }) => {
      for (let count = 0; count < 3; count += 1) await session.get('listComponents', { data: page });
    },
  ],
  ['post', {}, ({ session }) => session.post('createThing', { a: 1 })],
  [
    'ttl_17_one_login',
    { itkdb: { tokenSeconds: 17, ...things } },
    async ({ session }) => {
      await session.get('a');
      await session.get('b');
    },
  ],
  [
    'forbidden_403',
    {},
    async ({ session }) => expect(await failureOf(session.get('forbidden'))).toMatchObject({ name: 'Forbidden' }),
  ],
];

withRecordings('the requests of the genuine client', () => {
  it.each(rows)('%s: methods, paths, bodies and headers are the same (I1, I4)', async (name, given, work) => {
    const here = await world(given);
    await work(here);
    expect(sentIn(here)).toEqual(genuine(scenario(name)));
  });

  it('every recorded scenario is among these (I1)', () => {
    const names = [...rows.map(([name]) => name), 'foreign_host_no_bearer'];
    expect(names.toSorted()).toEqual(Object.keys(recorded('genuine-client-requests')).toSorted());
  });

  it('the look for duplicates asks what was recorded, of what was answered (I4)', async () => {
    const [listing, bulk] = recorded('itkdb-test_duplicate_test_run').interactions;
    const commands = {
      listTestRunsByComponent: { json: listing?.response.json },
      getTestRunBulk: { json: { itemList: [] } },
    };
    const { session, itkdb } = await world({ itkdb: { commands } });
    const testRun = {
      component: '72b884aab5b0bdf0d39f33f544be485d',
      stage: 'MODULE/ASSEMBLY',
      testType: 'QUAD_MODULE_METROLOGY',
    };
    await failureOf(session.post('uploadTestRunResults', testRun, { allowDuplicate: false }));
    const asked = itkdb.api.requests.map(ours).map(({ method, path, body }) => [method, path, body]);
    const genuinely = [listing, bulk].map((one) => [
      one?.request.method,
      new URL(one?.request.uri ?? '').pathname,
      one?.request.json,
    ]);
    expect(asked).toEqual(genuinely);
  });

  it('a request to another host carries no bearer and costs no login, as recorded (I4)', async () => {
    const { requests } = scenario('foreign_host_no_bearer');
    const stranger = await loopback((_request, response) => void response.end('{}'));
    const { session, itkdb } = await world();
    await session.get(`${stranger.origin}/x`);
    expect(stranger.requests.map(ours)).toEqual(genuine({ requests }));
    expect([itkdb.login.requests, itkdb.api.requests]).toEqual([[], []]);
  });
});

it('a write to the production database is not sent, which the genuine client would send (I4)', async () => {
  const here = await world();
  const error = await failureOf(here.session.post('https://itkpd.unicornuniversity.net/createThing', { a: 1 }));
  expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration' });
  expect(error.message).toContain('allowProductionWrites: true');
  expect(sentIn(here)).toEqual([]);
});

it('a session of the production database refuses to write without a login, whatever the method (I4)', async () => {
  const { user, itkdb } = await world();
  const session = new Session({ user });
  for (const method of ['post', 'put', 'patch', 'delete', 'POST'])
    expect(await failureOf(session.request({ method, url: 'createThing' }))).toMatchObject({ code: 'configuration' });
  expect(itkdb.login.requests).toEqual([]);
});
