// Does aws-jwt-verify, the verifier that AWS wrote, come to the same verdict on the same token? Each token is shown to ours
// twice, since what is remembered of the first time must not change the second.
import { createHmac } from 'node:crypto';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { systemClock } from '@axios-authorizer/core/extend';
import { cognitoVerifier } from '../../src/node/verify.js';
import type { CognitoVerifierOptions } from '../../src/node/verify.js';
import { clientId, issuer, jwksOf, jwtOf, keys, poolKey, signerOf, userPoolId, world } from './stage.js';
import type { Claims, PoolKey } from './stage.js';

type Options = Partial<Pick<CognitoVerifierOptions, 'clientId' | 'tokenUse' | 'groups' | 'scopes' | 'check'>>;

interface Asked {
  readonly options?: Options;
  readonly token: string;
}

type Verdict = 'good' | 'refused';

const [first, second] = keys;
const otherPool = 'eu-central-1_Other1';
const nowS = (): number => Math.floor(Date.now() / 1000);

function accessClaims(changed: Claims = {}): Claims {
  const common = { sub: 'a2c2e290', iss: issuer, iat: nowS(), exp: nowS() + 3600, jti: 'a-jti', username: 'bob' };
  return { ...common, token_use: 'access', client_id: clientId, scope: 'openid things/read', ...changed };
}

function idClaims(changed: Claims = {}): Claims {
  return { ...accessClaims({ token_use: 'id', aud: clientId, client_id: undefined, scope: undefined }), ...changed };
}

function access(changed?: Claims, header?: Claims, signer?: (input: Buffer) => Buffer): string {
  return jwtOf(accessClaims(changed), header, signer);
}

function jwks(...given: readonly Pick<PoolKey, 'jwk'>[]): Jwks {
  return JSON.parse(jwksOf(...given).text) as Jwks;
}

function ofVerdict(verifying: Promise<unknown>): Promise<Verdict> {
  return verifying.then(
    () => 'good',
    () => 'refused',
  );
}

async function ours(given: CognitoVerifierOptions | readonly CognitoVerifierOptions[], token: string) {
  const verify = cognitoVerifier(given);
  return [await ofVerdict(verify(token)), await ofVerdict(verify(token))];
}

/** What aws-jwt-verify takes for the same. */
function reference({ tokenUse = 'access', scopes, groups, ...rest }: Options, token: string): Promise<Verdict> {
  const lists = { groups: groups as string[] | undefined, scope: scopes as string[] | undefined };
  const use = { tokenUse: tokenUse === 'either' ? null : tokenUse, clientId: (rest.clientId ?? clientId) as string };
  const given = { userPoolId, ...use, ...(groups && { groups: lists.groups }), ...(scopes && { scope: lists.scope }) };
  const verifier = CognitoJwtVerifier.create(given as { userPoolId: string; tokenUse: 'access'; clientId: string });
  verifier.cacheJwks(jwks(...keys));
  return ofVerdict(verifier.verify(token));
}

const hmac = (input: Buffer): Buffer =>
  createHmac('sha256', first.publicKey.export({ format: 'pem', type: 'spki' }))
    .update(input)
    .digest();
const by = (key: PoolKey) => [{ kid: key.kid }, signerOf(key)] as const;

const rows: readonly (readonly [what: string, verdict: Verdict, asked: () => Asked])[] = [
  ['an access token', 'good', () => ({ token: access() })],
  ['an access token by the second key', 'good', () => ({ token: access({}, ...by(second)) })],
  ['an id token where one is wanted', 'good', () => ({ options: { tokenUse: 'id' }, token: jwtOf(idClaims()) })],
  ['an access token where either will do', 'good', () => ({ options: { tokenUse: 'either' }, token: access() })],
  ['an id token where either will do', 'good', () => ({ options: { tokenUse: 'either' }, token: jwtOf(idClaims()) })],
  [
    'another use where either will do',
    'refused',
    () => ({ options: { tokenUse: 'either' }, token: access({ token_use: 'refresh' }) }),
  ],
  ['an id token where an access token is wanted', 'refused', () => ({ token: jwtOf(idClaims()) })],
  ['an access token where an id token is wanted', 'refused', () => ({ options: { tokenUse: 'id' }, token: access() })],
  ['another pool', 'refused', () => ({ token: access({ iss: `${issuer}4` }) })],
  ['no issuer', 'refused', () => ({ token: access({ iss: undefined }) })],
  ['another client', 'refused', () => ({ token: access({ client_id: 'another' }) })],
  ['one of several clients', 'good', () => ({ options: { clientId: ['x', clientId] }, token: access() })],
  ['another client than several', 'refused', () => ({ options: { clientId: ['x', 'y'] }, token: access() })],
  ['an expired token', 'refused', () => ({ token: access({ exp: nowS() - 1 }) })],
  ['a token that is not yet valid', 'refused', () => ({ token: access({ nbf: nowS() + 60 }) })],
  ['a token that is valid since now', 'good', () => ({ token: access({ nbf: nowS() }) })],
  ['an expiry in words', 'refused', () => ({ token: access({ exp: 'tomorrow' }) })],
  ['alg none', 'refused', () => ({ token: access({}, { alg: 'none' }, () => Buffer.alloc(0)) })],
  ['HS256 by the public key', 'refused', () => ({ token: access({}, { alg: 'HS256' }, hmac) })],
  ['RS512', 'refused', () => ({ token: access({}, { alg: 'RS512' }, signerOf(first, 'sha512')) })],
  ['no kid', 'refused', () => ({ token: access({}, { kid: undefined }) })],
  ['an unknown kid', 'refused', () => ({ token: access({}, ...by(poolKey('key-3'))) })],
  ['the other key than its kid says', 'refused', () => ({ token: access({}, {}, signerOf(second)) })],
  ['a signature of nothing', 'refused', () => ({ token: access({}, {}, () => Buffer.alloc(0)) })],
  ['a signature that is cut off', 'refused', () => ({ token: access().slice(0, -8) })],
  ['no token', 'refused', () => ({ token: 'a.b.c' })],
  [
    'a user in one of the groups',
    'good',
    () => ({ options: { groups: ['admins', 'staff'] }, token: access({ 'cognito:groups': ['staff', 'x'] }) }),
  ],
  [
    'a user in another group',
    'refused',
    () => ({ options: { groups: ['admins'] }, token: access({ 'cognito:groups': ['staff'] }) }),
  ],
  ['a user in no group', 'refused', () => ({ options: { groups: ['admins'] }, token: access() })],
  [
    'a group whose name begins alike',
    'refused',
    () => ({ options: { groups: ['admin'] }, token: access({ 'cognito:groups': ['admins'] }) }),
  ],
  [
    'a group of an id token',
    'good',
    () => ({ options: { tokenUse: 'id', groups: ['a'] }, token: jwtOf(idClaims({ 'cognito:groups': ['a'] })) }),
  ],
  ['one of the scopes', 'good', () => ({ options: { scopes: ['things/write', 'things/read'] }, token: access() })],
  ['none of the scopes', 'refused', () => ({ options: { scopes: ['things/write'] }, token: access() })],
  ['a scope that begins alike', 'refused', () => ({ options: { scopes: ['things/rea'] }, token: access() })],
  ['no scope at all', 'refused', () => ({ options: { scopes: ['openid'] }, token: access({ scope: undefined }) })],
];

it.each(rows)('%s is %s to both, the first time and the second (G5, G9)', async (_, verdict, asked) => {
  const { options = {}, token } = asked();
  const stage = await world({ ...options, clock: systemClock });
  expect(await ours(stage.options, token)).toEqual([verdict, verdict]);
  expect(await reference(options, token)).toBe(verdict);
});

it('of several pools the one that issued the token judges it, to both alike (G9)', async () => {
  const stage = await world({ clock: systemClock });
  const own = poolKey('own-key');
  const others = await world({ clock: systemClock, userPoolId: otherPool, clientId: 'other-app', tokenUse: 'id' });
  others.jwks.answer = jwksOf(own);
  const otherIssuer = issuer.replace('eu-west-1', 'eu-central-1').replace(userPoolId, otherPool);
  const theirs = idClaims({ iss: otherIssuer, aud: 'other-app' });
  const verifier = CognitoJwtVerifier.create([
    { userPoolId, clientId, tokenUse: 'access' },
    { userPoolId: otherPool, clientId: 'other-app', tokenUse: 'id' },
  ]);
  verifier.cacheJwks(jwks(...keys), userPoolId);
  verifier.cacheJwks(jwks(own), otherPool);
  const tokens: readonly (readonly [token: string, verdict: Verdict])[] = [
    [access(), 'good'],
    [jwtOf(theirs, ...by(own)), 'good'],
    [jwtOf({ ...theirs, iss: issuer }, ...by(own)), 'refused'],
    [access({ iss: otherIssuer }), 'refused'],
    [access({ iss: `${issuer}5` }), 'refused'],
    [access({ client_id: 'other-app' }), 'refused'],
    [access({ iss: '__proto__' }), 'refused'],
    ['no token', 'refused'],
  ];
  for (const [token, verdict] of tokens) {
    expect(await ours([stage.options, others.options], token)).toEqual([verdict, verdict]);
    expect(await ofVerdict(verifier.verify(token))).toBe(verdict);
  }
});
