// The bearer goes to the database, and to nobody else.
import { failureOf, loopback, world } from '../stage.js';
import type { World } from '../stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

async function withStranger(): Promise<World & { readonly stranger: LoopbackServer }> {
  const stranger = await loopback((_request, response) => void response.end('{"from":"a stranger"}'));
  return { ...(await world()), stranger };
}

const methods = ['get', 'post', 'delete'];

it.each(methods)('a %s to another host carries no bearer and costs no login (I4)', async (method) => {
  const { session, stranger, itkdb } = await withStranger();
  const { data } = await session.request<unknown>({ method, url: `${stranger.origin}/x` });
  expect(data).toEqual({ from: 'a stranger' });
  expect(stranger.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  expect([itkdb.login.requests, itkdb.api.requests]).toEqual([[], []]);
});

it('401 from another host renews nothing, and is Forbidden (I4)', async () => {
  const { session, itkdb } = await world();
  const stranger = await loopback((_request, response) => void response.writeHead(401).end('{}'));
  expect(await failureOf(session.get(`${stranger.origin}/x`))).toMatchObject({ name: 'Forbidden', status: 401 });
  expect(stranger.requests).toHaveLength(1);
  expect(itkdb.login.requests).toEqual([]);
});

it.each([301, 302, 303, 307, 308])(
  'a redirect with %i to another host leaves the bearer behind (I4)',
  async (status) => {
    const { session, itkdb } = await world();
    const { data } = await session.get<unknown>(`status/${status}`);
    expect(data).toEqual({ elsewhere: true, authorized: false });
    expect(itkdb.api.bearers()[0]).toBeDefined();
  },
);

it('a redirect within the database keeps the bearer (I4)', async () => {
  const { session, itkdb, user } = await world();
  const to = `${itkdb.apiUrl}listInstitutions`;
  const { data } = await session.get<unknown>('status/302', { params: { to } });
  expect(data).toMatchObject({ pageInfo: { total: 3 } });
  expect(itkdb.api.bearers()).toEqual([user.bearer, user.bearer]);
});

it('a redirect that is not followed is a Redirect (I4)', async () => {
  const { session, stranger } = await withStranger();
  const error = await failureOf(session.get('status/302', { params: { to: stranger.origin }, maxRedirects: 0 }));
  expect(error).toMatchObject({ name: 'Redirect', status: 302 });
  expect(error.response.headers['location']).toBe(stranger.origin);
  expect(stranger.requests).toEqual([]);
});

it('a request may opt out of the login (I4)', async () => {
  const { session, itkdb } = await world();
  expect(await failureOf(session.get('listInstitutions', { authorizer: false }))).toMatchObject({ name: 'Forbidden' });
  expect(itkdb.api.bearers()).toEqual([undefined]);
  expect(itkdb.login.requests).toEqual([]);
});

it("a caller's own Authorization header is sent as it is (I4)", async () => {
  const { session, itkdb } = await world();
  const own = itkdb.tokenWith({ uuidentity: '99-1-1' });
  const { data } = await session.get<unknown>('cache-control/', { headers: { Authorization: `Bearer ${own}` } });
  expect(data).toMatchObject({ askedBy: '99-1-1' });
  expect(itkdb.api.bearers()).toEqual([own]);
});
