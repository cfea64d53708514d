// Which claims make a token of this pool, this client, this use and this moment?
import { cognitoVerifier, verifyCognitoToken } from '../../src/node/verify.js';
import { clientId, failureOf, invalid, issuer, jwtOf, keys, signerOf, userPoolId, world } from './stage.js';
import type { Claims } from './stage.js';

it('a good access token is accepted with its claims, by either key (G5)', async () => {
  const { verify, accessClaims } = await world();
  await expect(verify(jwtOf(accessClaims()))).resolves.toEqual(accessClaims());
  const [, second] = keys;
  await expect(verify(jwtOf(accessClaims(), { kid: second.kid }, signerOf(second)))).resolves.toEqual(accessClaims());
});

it('a good id token is accepted with its claims (G5)', async () => {
  const { verify, idClaims } = await world({ tokenUse: 'id' });
  await expect(verify(jwtOf(idClaims()))).resolves.toEqual(idClaims());
});

it('one token can be verified alone, reading the key set for it (G5)', async () => {
  const { options, accessClaims, jwks } = await world();
  await expect(verifyCognitoToken(jwtOf(accessClaims()), options)).resolves.toMatchObject({ sub: 'a2c2e290' });
  const error = await failureOf(verifyCognitoToken(jwtOf(accessClaims({ iss: 'x' })), options));
  expect(error).toMatchObject(invalid);
  expect(jwks.requests).toHaveLength(2);
});

it.each<[what: string, changed: Claims]>([
  ['another pool', { iss: `${issuer}4` }],
  ['a pool of another region', { iss: issuer.replace('west', 'east') }],
  ['the pool with a slash', { iss: `${issuer}/` }],
  ['the pool in capitals', { iss: issuer.toUpperCase() }],
  ['several issuers', { iss: [issuer] }],
  ['nobody', { iss: undefined }],
  ['an empty issuer', { iss: '' }],
])('a token of %s is refused (G5)', async (_, changed) => {
  const { verify, accessClaims } = await world();
  expect(await failureOf(verify(jwtOf(accessClaims(changed))))).toMatchObject(invalid);
});

it('an issuer of one’s own is the one that counts (G5)', async () => {
  const own = 'http://127.0.0.1:9229/eu-west-1_AbC123';
  const { verify, accessClaims } = await world({ issuer: own });
  await expect(verify(jwtOf(accessClaims({ iss: own })))).resolves.toMatchObject({ iss: own });
  expect(await failureOf(verify(jwtOf(accessClaims())))).toMatchObject(invalid);
});

it.each<[use: unknown]>([['id'], ['refresh'], ['Access'], [''], [undefined], [null], [['access']]])(
  'an access token is wanted: one of use %j is refused (G5)',
  async (use) => {
    const { verify, accessClaims } = await world();
    const error = await failureOf(verify(jwtOf(accessClaims({ token_use: use, aud: clientId }))));
    expect(error).toMatchObject(invalid);
    expect(error.message).toContain('no access token');
  },
);

it('an id token is wanted: an access token is refused (G5)', async () => {
  const { verify, accessClaims } = await world({ tokenUse: 'id' });
  const error = await failureOf(verify(jwtOf(accessClaims({ aud: clientId }))));
  expect(error).toMatchObject(invalid);
  expect(error.message).toContain('no id token');
});

const strangers: readonly (readonly [what: string, client: unknown])[] = [
  ['another client', 'another-app'],
  ['the client in capitals', clientId.toUpperCase()],
  ['a client whose name begins alike', `${clientId}2`],
  ['a list with the client in it', [clientId]],
  ['an empty name', ''],
  ['nobody', undefined],
  ['null', null],
];

it.each(strangers)('an access token issued to %s is refused, whatever its aud (G5)', async (_, client) => {
  const { verify, accessClaims } = await world();
  const error = await failureOf(verify(jwtOf(accessClaims({ client_id: client, aud: clientId }))));
  expect(error).toMatchObject(invalid);
  expect(error.message).toContain('another client');
});

it.each(strangers)('an id token issued to %s is refused, whatever its client_id (G5)', async (_, client) => {
  const { verify, idClaims } = await world({ tokenUse: 'id' });
  const error = await failureOf(verify(jwtOf(idClaims({ aud: client, client_id: clientId }))));
  expect(error).toMatchObject(invalid);
  expect(error.message).toContain('another client');
});

it('of several clients each counts, and no other (G5)', async () => {
  const { options, accessClaims, idClaims } = await world();
  const several = { ...options, clientId: [clientId, 'the-phone', 'the-kiosk'] };
  for (const client of several.clientId) {
    const claims = accessClaims({ client_id: client });
    await expect(verifyCognitoToken(jwtOf(claims), several)).resolves.toEqual(claims);
    const token = jwtOf(idClaims({ aud: client }));
    await expect(verifyCognitoToken(token, { ...several, tokenUse: 'id' })).resolves.toMatchObject({ aud: client });
  }
  const stranger = jwtOf(accessClaims({ client_id: 'another-app' }));
  expect(await failureOf(verifyCognitoToken(stranger, several))).toMatchObject(invalid);
});

const insufficient = { code: 'token_insufficient', kind: 'credentials', transient: false };

it('want of a group or scope is told apart from a token that is wrong: it is a 403, no 401 (G9)', async () => {
  const { options, accessClaims } = await world();
  const token = jwtOf(accessClaims({ scope: 'things/read', 'cognito:groups': ['staff'] }));
  const noGroup = await failureOf(verifyCognitoToken(token, { ...options, groups: ['admins', 'owners'] }));
  expect(noGroup).toMatchObject(insufficient);
  expect(noGroup.message).toContain('admins or owners');
  const noScope = await failureOf(verifyCognitoToken(token, { ...options, scopes: 'things/write' }));
  expect(noScope).toMatchObject(insufficient);
  await expect(
    verifyCognitoToken(token, { ...options, groups: 'staff', scopes: 'things/read' }),
  ).resolves.toBeDefined();
  const elsewhere = await failureOf(verifyCognitoToken(token, { ...options, clientId: 'x', groups: 'admins' }));
  expect(elsewhere).toMatchObject(invalid);
});

it.each<[groups: unknown]>([['staff'], [{ 0: 'staff', length: 1 }], [{ staff: true }], [[['staff']]], [null]])(
  'groups that are no list of names, such as %j, are none (G9)',
  async (groups) => {
    const { verify, accessClaims } = await world({ groups: 'staff' });
    expect(await failureOf(verify(jwtOf(accessClaims({ 'cognito:groups': groups }))))).toMatchObject(insufficient);
  },
);

it("a check of one's own sees good tokens alone, each time, and only true lets one pass (G9)", async () => {
  const seen: unknown[] = [];
  const answers: unknown[] = [true, Promise.resolve(true), false, undefined, 'true', 1, Promise.resolve(false)];
  const check = (claims: unknown) => {
    seen.push(claims);
    return answers[seen.length - 1] as boolean;
  };
  const { verify, accessClaims } = await world({ check });
  await failureOf(verify(jwtOf(accessClaims({ exp: 1 }))));
  expect(seen).toEqual([]);
  const token = jwtOf(accessClaims());
  for (let times = 0; times < 2; times += 1) await expect(verify(token)).resolves.toEqual(accessClaims());
  while (seen.length < answers.length) expect(await failureOf(verify(token))).toMatchObject(invalid);
  expect(seen).toEqual(answers.map(() => accessClaims()));
});

it('what a check throws reaches the caller as it is: a database that is down makes no token wrong (G9)', async () => {
  const down = new Error('the database is down');
  const { verify, accessClaims } = await world({ check: () => Promise.reject(down) });
  await expect(verify(jwtOf(accessClaims()))).rejects.toBe(down);
});

describe('an option that cannot work is told before anything is asked', () => {
  it.each([
    ['no client', { clientId: '' }],
    ['an empty list of clients', { clientId: [] }],
    ['a list with an empty client', { clientId: [clientId, ''] }],
    ['no pool', { userPoolId: '' }],
    ['a pool without a region', { userPoolId: 'AbC123' }],
    ['a pool with a path', { userPoolId: `${userPoolId}/../eu-west-1_Another` }],
    ['a region that is a host', { userPoolId: 'evil.example.com/eu-west-1_AbC123' }],
    ['a plain http key set beyond this machine', { jwksUri: 'http://keys.example.com/jwks.json' }],
    ['a key set that is no URL', { jwksUri: 'keys' }],
    ['an empty issuer, which would not be checked', { issuer: '' }],
    ['a leeway that is no number, which would let every token live for ever', { leewayMs: Number('soon') }],
    ['a leeway without end', { leewayMs: Infinity }],
    ['a leeway below 0', { leewayMs: -1 }],
    ['no use', { tokenUse: undefined as never }],
    ['no group in the list, which nobody or everybody would be in', { groups: [] }],
    ['an empty group', { groups: '' }],
    ['an empty scope in the list', { scopes: ['things/read', ''] }],
    ['two scopes in one text, which no token has', { scopes: 'things/read things/write' }],
    ['scopes of id tokens, which have none', { tokenUse: 'id', scopes: 'things/read' } as const],
    ['a check that is none', { check: true as never }],
  ])('%s (G5)', async (_, given) => {
    const { options, jwks } = await world();
    expect(() => cognitoVerifier({ ...options, ...given })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', kind: 'configuration' }) as Error,
    );
    expect(jwks.requests).toEqual([]);
  });

  it('no pool at all, and the same pool twice (G9)', async () => {
    const { options } = await world();
    expect(() => cognitoVerifier([])).toThrow('an empty list of pools');
    expect(() => cognitoVerifier([options, { ...options, tokenUse: 'id' }])).toThrow(/the pool of \S+ twice/);
  });
});
