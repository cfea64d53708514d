// The mocks of tests, and adapters of the caller's own, put what was sent into their errors. Does a token come out of them?
import axios from 'axios';
import nock from 'nock';
import { attachAuth, Authorizer } from '../../src/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import { afterwards, failureOf } from '../endpoint/stage.js';
import { apiKey, shown, token } from './secrets.js';

const clientInfo = { clientId: 'me', apiKey };
const signedIn = (): Authorizer => new Authorizer(() => Promise.resolve(token), { clientInfo, initialToken: token });
const origin = 'http://localhost:1';

function mocked(): void {
  nock(origin).get('/known').reply(200);
  afterwards(() => (nock.cleanAll(), nock.restore()));
  if (!nock.isActive()) nock.activate();
}

it.each(['http', 'fetch'])(
  'a request by %s that nock does not know shows nothing in its error (C11)',
  async (adapter) => {
    mocked();
    const client = axios.create({ baseURL: origin, adapter });
    attachAuth(client, signedIn());
    const error = await failureOf(client.get('/unknown'));
    expect(error).toMatchObject({ isAxiosError: true });
    expect(shown(error)).toEqual([]);
  },
);

it('a request by authorizedFetch that nock does not know shows nothing in its error (C11, C22)', async () => {
  mocked();
  const error = await failureOf(authorizedFetch(signedIn(), { allow: origin })(`${origin}/unknown`));
  expect(shown(error)).toEqual([]);
});

it.each<[what: string, make: (sent: string) => unknown]>([
  ['a plain error', (sent) => new Error(`unexpected ${sent}`)],
  ['an error that leads to another', (sent) => new Error('away', { cause: new Error(`unexpected ${sent}`) })],
  ['several errors', (sent) => new AggregateError([new Error(`unexpected ${sent}`)], 'away')],
  ['a frozen error', (sent) => Object.freeze(new Error(`unexpected ${sent}`))],
  ['a text', (sent) => `unexpected ${sent}`],
])('an adapter that throws %s with what was sent shows nothing (C11)', async (_what, make) => {
  const client = axios.create({
    baseURL: origin,
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as some do
    adapter: (config) => Promise.reject(make(JSON.stringify(config.headers))),
  });
  attachAuth(client, signedIn());
  expect(shown(await failureOf(client.get('/')))).toEqual([]);
});
