// What no honest server sends: is it refused with an error that says so, before anything of the password leaves?
//
// A ≡ 0 and u = 0 are guarded too, and cannot be brought about: a power of 2 is never a multiple of the prime N, and a u
// of 0 is a preimage of 0 under SHA-256. What can be shown is that neither is met by accident.
import { AuthenticationError } from '@axios-authorizer/core';
import { leaks, ManualClock, startLoopback } from '@axios-authorizer/test-kit';
import { SRPAuthorizer } from '../../src/index.js';
import { g, N } from '../../src/srp/group.js';
import { passwordClaim, publicValue, scramble, sessionKey } from '../../src/srp/srp.js';
import { ways } from './without-native-power.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

const password = 'the-password-of-bob';
const identity = { group: 'AbCdEfGhI', user: 'bob', password };
const good = { B: '1f'.repeat(384), salt: '1098d6a904943815', secretBlock: 'c2VjcmV0LWJsb2Nr' };
const timestamp = 'Wed Jan 3 00:00:09 UTC 2024';
const refusals: readonly (readonly [what: string, challenge: Partial<typeof good>])[] = [
  ['a B of 0', { B: '0' }],
  ['a B of many zeros', { B: '00'.repeat(384) }],
  ['a B of N', { B: N.toString(16) }],
  ['a B of 2 N', { B: (2n * N).toString(16) }],
  ['a B of N times a large number', { B: (N << 4096n).toString(16) }],
  ['a B that is no hex', { B: '12g4' }],
  ['a B with a prefix', { B: '0x12' }],
  ['a B with a sign', { B: '-12' }],
  ['a B with blanks', { B: ' 12 ' }],
  ['a B with an end of line', { B: '12\n' }],
  ['no B', { B: '' }],
  ['no salt', { salt: '' }],
  ['a salt that is no hex', { salt: 'AOuW' }],
  ['a secret block that is no base64', { secretBlock: '*** no base64 ***' }],
  ['a secret block that is cut off', { secretBlock: 'c2VjcmV0LWJsb2Nrc' }],
];

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: unknown) => error,
  );
}

describe.each(ways)('with %s', (_, within) => {
  it.each(refusals)('%s is refused (G1)', async (__, challenge) => {
    const task = { challenge: { ...good, ...challenge }, timestamp };
    const error = await failureOf(Promise.resolve(within(() => passwordClaim(identity, 7n, task))));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: 'srp_refused', transient: false });
    expect(leaks(error, [password])).toEqual([]);
  });

  it('their neighbours are not (G1)', async () => {
    for (const B of [1n, N - 1n, N + 1n, 2n * N - 1n, g]) {
      const challenge = { ...good, B: B.toString(16) };
      await expect(within(() => sessionKey(identity, 7n, challenge))).resolves.toHaveLength(16);
    }
  });
});

it('no `a` gives an A of 0, not 0 nor N nor the order of the group (G1)', () => {
  const as = [0n, 1n, N - 1n, N, N + 1n, (N - 1n) / 2n, 2n ** 256n - 1n];
  expect(as.map(publicValue).every((A) => A > 0n && A < N)).toBe(true);
});

it('u is not 0 for the least and the greatest A and B (G1)', async () => {
  const edges = [0n, 1n, N - 1n, N];
  const us = await Promise.all(edges.flatMap((A) => edges.map((B) => scramble(A, B))));
  expect(us.includes(0n)).toBe(false);
  expect(new Set(us).size).toBe(us.length);
});

describe('in a sign-in', () => {
  let pool: LoopbackServer;
  let parameters: Readonly<Record<string, string>> = {};

  beforeEach(async () => {
    pool = await startLoopback((_, response) => {
      const challenge = { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: parameters };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(challenge));
    });
  });
  afterEach(() => pool.stop());

  it.each(refusals)('%s ends it: no claim is sent, and it is not tried again (G1)', async (_, challenge) => {
    const { B: SRP_B, salt: SALT, secretBlock: SECRET_BLOCK } = { ...good, ...challenge };
    parameters = { USER_ID_FOR_SRP: 'bob', SRP_B, SALT, SECRET_BLOCK };
    const options = { userPoolId: 'eu-west-1_AbCdEfGhI', username: 'bob', password, endpoint: pool.origin };
    const authorizer = new SRPAuthorizer({ clientId: 'the-app' }, { ...options, clock: new ManualClock() });
    const error = await failureOf(authorizer.getToken());
    expect(error).toMatchObject({ code: 'srp_refused', transient: false });
    expect(leaks(error, [password])).toEqual([]);
    expect(pool.requests.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'AWSCognitoIdentityProviderService.InitiateAuth',
    ]);
  });
});
