// Which id tokens are taken for a login: those of the service, for us, signed by a key of its key set, and not yet over.
import { failureOf, loopback, world } from '../stage.js';
import type { ItkdbTokenOptions } from '@axios-authorizer/test-kit';
import type { Failure, World } from '../stage.js';
import type { UserOptions } from '../../src/index.js';

interface Offered {
  readonly claims?: object;
  readonly token?: ItkdbTokenOptions;
  readonly user?: UserOptions;
}

/** A world whose next login hands out that id token. */
async function offered({ claims = {}, token, user }: Offered): Promise<World> {
  const here = await world({ user: { maxRetries: 0, ...user } });
  const id_token = here.itkdb.tokenWith(claims, token);
  here.itkdb.nextLogin({ json: { access_token: 'opaque', id_token, expires_in: 1800, token_type: 'Bearer' } });
  return here;
}

async function refusal(given: Offered): Promise<Failure> {
  const here = await offered(given);
  const error = await failureOf(here.user.authenticate());
  expect([here.user.isAuthenticated(), here.user.bearer]).toEqual([false, '']);
  return error;
}

/** The time of every world, in seconds. */
const now = Date.UTC(2026, 0, 1) / 1000;

it.each<[what: string, given: Offered, why: RegExp]>([
  ['for another audience', { claims: { aud: 'https://example.org' } }, /audience/],
  ['for several, none of them us', { claims: { aud: ['https://example.org', 'https://example.net'] } }, /audience/],
  ['for nobody', { claims: { aud: undefined } }, /audience/],
  ['of another issuer', { claims: { iss: 'https://example.org/oidc' } }, /issuer/],
  ['of no issuer', { claims: { iss: undefined } }, /issuer/],
  ['signed with HS256 and our public key', { token: { alg: 'HS256' } }, /algorithm/],
  ['signed with RS384', { token: { alg: 'RS384' } }, /algorithm/],
  ['signed with RS512', { token: { alg: 'RS512' } }, /algorithm/],
  ['not signed', { token: { alg: 'none' } }, /./],
  ['signed by a stranger under our key’s id', { token: { signedBy: 'stranger' } }, /signature/],
  ['signed with a key that nobody knows', { token: { kid: '0123456789abcdef' } }, /a key that the login service/],
  ['over since 2 s, which is the leeway', { claims: { exp: now - 2 } }, /expired/],
  ['over since an hour', { claims: { exp: now - 3_600 } }, /expired/],
  ['without an end', { claims: { exp: undefined } }, /no end/],
  ['whose end is a text', { claims: { exp: String(now + 1_800) } }, /exp/],
  ['that begins in 3 s', { claims: { nbf: now + 3 } }, /active/],
])('an id token %s is refused, and what to check is said (I1)', async (_what, given, why) => {
  const error = await refusal(given);
  expect(error).toMatchObject({ code: 'id_token_refused', kind: 'configuration', transient: false });
  expect(error.message).toMatch(why);
  expect(error.message).toContain('clock, audience and authUrl');
});

it.each<[what: string, given: Offered]>([
  ['for us among others', { claims: { aud: ['https://example.org', 'https://itkpd.unicornuniversity.net'] } }],
  ['that begins in 2 s, which is the leeway', { claims: { nbf: now + 2 } }],
  ['without name and identity', { claims: { name: undefined, uuidentity: undefined } }],
  ['with claims that are not ours to judge', { claims: { at_hash: 'x', nonce: 'y' } }],
])('an id token %s is a login (I1)', async (_what, given) => {
  const { user } = await offered(given);
  expect(await user.authenticate()).toBe(true);
  expect(user.isExpired()).toBe(false);
});

it.each<[what: string, given: Offered, code: string]>([
  [
    'that ended 1 s ago passes the verification, within the leeway of 2 s, and is expired',
    { claims: { exp: now - 1 } },
    'expired_token',
  ],
  [
    'that ended 9 s ago does so with a leeway of 10 s',
    { claims: { exp: now - 9 }, user: { jwtOptions: { leeway: 10 } } },
    'expired_token',
  ],
  [
    'that ended 10 s ago does not',
    { claims: { exp: now - 10 }, user: { jwtOptions: { leeway: 10 } } },
    'id_token_refused',
  ],
])('an id token %s (I1)', async (_what, given, code) => {
  expect((await refusal(given)).code).toBe(code);
});

it('a refused id token is not sent, and not asked for again at once: the program must be fixed (I1)', async () => {
  const { session, itkdb } = await offered({ claims: { aud: 'https://example.org' }, user: { maxRetries: 3 } });
  expect((await failureOf(session.get('listInstitutions'))).code).toBe('id_token_refused');
  expect([itkdb.api.requests.length, itkdb.login.requests.length]).toEqual([0, 2]);
});

it.each(['', 'x', 'x.y.z', 'a.b', '..', 'eyJhbGciOiJSUzI1NiJ9', Buffer.from('null').toString('base64url') + '.a.b'])(
  'the id token %p is refused without asking for keys (I1)',
  async (id_token) => {
    const { user, itkdb } = await world({ user: { maxRetries: 0 } });
    itkdb.nextLogin({ json: { access_token: 'opaque', id_token } });
    expect((await failureOf(user.authenticate())).code).toBe('id_token_refused');
    expect(itkdb.keyReads).toBe(0);
  },
);

it.each([
  ['is away (503)', { status: 503 }],
  ['is cut off', { reset: true }],
  ['is a page', { text: '<html>maintenance</html>' }],
  ['is empty', { json: { keys: [] } }],
  ['is no list', { json: { keys: 'none' } }],
  ['has no member keys', { json: {} }],
  ['moved (302)', { status: 302, headers: { location: 'https://example.org/keys' } }],
] as const)(
  'a key set that %s fails the login as unavailable, and the next try reads it again (I1)',
  async (_how, answer) => {
    const { user, itkdb, clock } = await world({ user: { maxRetries: 0 } });
    itkdb.nextKeys(answer);
    const error = await failureOf(user.authenticate());
    expect(error).toMatchObject({ kind: 'unavailable', transient: true });
    clock.set(clock.now() + 60_000);
    expect(await user.authenticate()).toBe(true);
    expect(itkdb.keyReads).toBe(2);
  },
);

it('the key set is read beside the login service of this user, and nowhere else (I1, I5)', async () => {
  const { itkdb } = await world();
  const keys: string[] = [];
  const proxy = await loopback(async (request, response) => {
    keys.push(`${request.method} ${request.url}`);
    const answer = await fetch(
      new URL(request.url.replace('/other/', '/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/'), itkdb.login.origin),
      {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        ...(request.method === 'POST' && { body: request.body.toString() }),
      },
    );
    response.end(await answer.text());
  });
  const here = await world({ user: { prefixUrl: `${proxy.origin}/other/oidc/`, maxRetries: 0 } });
  const error = await failureOf(here.user.authenticate());
  expect(keys).toEqual(['POST /other/oidc/grantToken', 'GET /other/oidc/listKeys']);
  expect(error.message).toContain('issuer');
});
