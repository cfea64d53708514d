// Does the key set verify what the service signs, through a rotation as well, and can every token be made that must not
// be accepted?

import { createHmac, createPublicKey } from 'node:crypto';
import { startItkdb } from '@axios-authorizer/test-kit';
import { idTokenOf, isSignedBy, keySet, part } from './itkdb-client.js';
import type { Itkdb } from '@axios-authorizer/test-kit';
import type { JsonWebKey } from 'node:crypto';

const someText = expect.any(String) as unknown;
let itkdb: Itkdb;

beforeEach(async () => {
  itkdb = await startItkdb();
});
afterEach(() => itkdb.stop());

async function firstKey(): Promise<JsonWebKey> {
  const [key] = await keySet(itkdb);
  return key ?? {};
}

test('the key set lies beside grantToken and verifies its tokens (I1)', async () => {
  const token = await idTokenOf(itkdb);
  const keys = await keySet(itkdb);
  const { kid } = part(token, 0);
  const members = { kty: 'RSA', n: someText, e: 'AQAB', alg: 'RS256', use: 'sig' };
  expect(keys).toEqual([{ ...members, kid }]);
  expect(isSignedBy(token, keys[0] ?? {})).toBe(true);
  expect(itkdb.keyReads).toBe(1);
});

test('after a rotation the new key signs and comes first, until the old ones are dropped', async () => {
  const old = await idTokenOf(itkdb);
  const oldKey = await firstKey();
  itkdb.rotateKeys();
  const young = await idTokenOf(itkdb);
  const both = await keySet(itkdb);
  expect(both).toHaveLength(2);
  expect(both[1]).toEqual(oldKey);
  expect([isSignedBy(young, both[0] ?? {}), isSignedBy(young, oldKey)]).toEqual([true, false]);
  itkdb.dropOldKeys();
  expect(await keySet(itkdb)).toEqual([both[0]]);
  expect([itkdb.valid(old), itkdb.valid(young)]).toEqual([true, true]);
});

test('tokenWith says what differs from the first user’s token, and leaves out what is undefined', async () => {
  const usual = part(await idTokenOf(itkdb), 1);
  const claims = part(itkdb.tokenWith({ aud: ['a', 'b'], loa: undefined, at_hash: 'x' }), 1);
  expect(Object.keys(claims)).toEqual([...Object.keys(usual).filter((name) => name !== 'loa'), 'at_hash']);
  expect(claims).toMatchObject({ uuidentity: usual['uuidentity'], aud: ['a', 'b'], at_hash: 'x' });
});

test('tokenWith signs by the published key, or with a stranger’s under the same kid', async () => {
  const key = await firstKey();
  const [ours, strange] = [itkdb.tokenWith({}), itkdb.tokenWith({}, { signedBy: 'stranger' })];
  expect(isSignedBy(ours, key)).toBe(true);
  expect(isSignedBy(strange, key)).toBe(false);
  expect(part(strange, 0)).toEqual(part(ours, 0));
});

test('the kid is ours, another, or none', async () => {
  const { kid } = await firstKey();
  const kids = [undefined, 'other', null].map((wanted) =>
    part(itkdb.tokenWith({}, wanted === undefined ? {} : { kid: wanted }), 0),
  );
  expect(kids.map((header) => header['kid'])).toEqual([kid, 'other', undefined]);
});

test('an HS256 token is keyed with the public key, a none token has no signature, others bear their alg', async () => {
  const pem = createPublicKey({ key: await firstKey(), format: 'jwk' }).export({ format: 'pem', type: 'spki' });
  const [header = '', claims = '', signature] = itkdb.tokenWith({}, { alg: 'HS256' }).split('.');
  expect(signature).toBe(createHmac('sha256', pem).update(`${header}.${claims}`).digest('base64url'));
  expect(itkdb.tokenWith({}, { alg: 'none' })).toMatch(/\.$/);
  const algs = (['RS384', 'RS512', 'none'] as const).map((alg) => part(itkdb.tokenWith({}, { alg }), 0)['alg']);
  expect(algs).toEqual(['RS384', 'RS512', 'none']);
});

test('without a user there is no token to differ from', async () => {
  const empty = await startItkdb({ users: [] });
  expect(() => empty.tokenWith({})).toThrow('there is none');
  await empty.stop();
});
