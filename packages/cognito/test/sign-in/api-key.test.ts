// X-Api-Key rides along with the token: to the API, and to nobody else.
import { another, clientId, failureOf, front, loopback, world } from '../stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { Front, World } from '../stage.js';

const apiKey = 'the-api-key';

interface Keyed extends Front, Pick<World, 'pool'> {
  readonly stranger: LoopbackServer;
}

async function keyed(config: object): Promise<Keyed> {
  const here = await world({ client: { apiKey } });
  const stranger = await loopback((_, response) => void response.end('{}'));
  return { pool: here.pool, stranger, ...(await front(here, { api: { apiKey }, config })) };
}

/** The credentials that a server was shown. */
function shown({ requests }: Pick<LoopbackServer, 'requests'>): readonly unknown[] {
  return requests.map(({ headers }) => [headers.authorization, headers['x-api-key']]);
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it('the API gets the token and the key (G5)', async () => {
    const { api, client } = await keyed({ adapter });
    expect((await client.get('/things')).status).toBe(200);
    expect(shown(api)).toEqual([[`Bearer ${client.authorizer.accessToken}`, apiKey]]);
  });

  it('a stranger gets neither, asked directly or by redirect, nor does the pool get the key (G5)', async () => {
    const { api, client, pool, stranger } = await keyed({ adapter });
    await client.get(`${stranger.origin}/things`);
    await client.get('/redirect', { params: { to: `${stranger.origin}/things` } });
    expect(shown(stranger)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(shown(api)[0]).toEqual([`Bearer ${client.authorizer.accessToken}`, apiKey]);
    expect(pool.requests).toHaveLength(2);
    expect(shown(pool)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});

it('without a key none is sent, and an API that wants one refuses with 403, which costs no refresh (G5)', async () => {
  const here = await world();
  const { api, client } = await front(here, { api: { apiKey } });
  expect(await failureOf(client.get('/things'))).toMatchObject({ response: { status: 403 } });
  expect(api.requests.map(({ headers }) => headers['x-api-key'])).toEqual([undefined]);
  expect(here.pool.operations).toHaveLength(2);
});

it('a key that cannot stand in a header is refused when the authorizer is made (G5)', async () => {
  const { options } = await world();
  expect(() => another({ clientInfo: { clientId, apiKey: 'a key\r\nX-Other: 1' }, options })).toThrow(/API key/);
});
