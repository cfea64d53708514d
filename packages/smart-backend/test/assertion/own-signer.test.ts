// The private key lies elsewhere: does what a signer of the user's own returns make a good assertion, or none at all?
import { sign } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
import { publicJwks, privateKeyJwt } from '../../src/index.js';
import { ecKey, spkiOf } from '../keys/material.js';
import { failureOf } from '../keys/problem.js';
import { asked, assertionsAt, ec, rsa, sent, tokenEndpoint, verifies } from './stage.js';
import type { SmartBackendSigner } from '../../src/index.js';

type Sign = SmartBackendSigner['sign'];

const rs384: Sign = (input) => sign('sha384', input, rsa);
const raw: Sign = (input) => sign('sha384', input, { key: ec, dsaEncoding: 'ieee-p1363' });
const der: Sign = (input) => sign('sha384', input, ec);

/** The forms in which bytes may come. */
const forms: readonly (readonly [what: string, form: (bytes: Uint8Array) => Uint8Array])[] = [
  ['a Buffer', (bytes) => Buffer.from(bytes)],
  ['a plain Uint8Array', (bytes) => Uint8Array.from(bytes)],
  ['a part of a bigger buffer', (bytes) => new Uint8Array([7, 7, 7, ...bytes, 7, 7]).subarray(3, 3 + bytes.length)],
  ['a view that is no Uint8Array', (bytes) => new DataView(Uint8Array.from(bytes).buffer) as never],
];

const signers = [
  ['RS384', 'RS384', rs384, rsa],
  ['ES384 as r‖s', 'ES384', raw, ec],
  ['ES384 as DER', 'ES384', der, ec],
] as const;

describe.each(signers)('%s', (_what, alg, signed, key) => {
  it.each(forms)('as %s, at once or later, makes an assertion that verifies (S2)', async (_form, form) => {
    const atOnce: Sign = async (input) => form(await signed(input));
    const later: Sign = async (input) => {
      await turn();
      return form(await signed(input));
    };
    for (const signer of [(input: Uint8Array) => form(signed(input) as Uint8Array), atOnce, later]) {
      const assertion = await sent({ keys: { alg, kid: 'kms', sign: signer } });
      expect(verifies(assertion, key)).toBe(true);
      expect(assertion.header).toEqual({ alg, kid: 'kms', typ: 'JWT' });
    }
  });
});

it('DER is understood whatever r and s begin with (S2)', async () => {
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: { alg: 'ES384', kid: 'kms', sign: der } });
  const endpoint = await tokenEndpoint();
  for (let times = 0; times < 300; times += 1) await asked(endpoint, clientAuth);
  const assertions = assertionsAt(endpoint);
  expect(assertions.map(({ signature }) => signature.length)).toEqual(assertions.map(() => 96));
  expect(assertions.map((assertion) => verifies(assertion, ec))).toEqual(assertions.map(() => true));
});

// r and s of `bytes` bytes each: what DER leaves out is filled up again (RFC 7518 section 3.4).
it.each([1, 2, 40, 47])('r and s of %i bytes are filled up to 48 (S2)', async (bytes) => {
  const [r, s] = ['7f'.repeat(bytes), '11'.repeat(bytes)];
  const integers = `02${hexOf(bytes)}${r}02${hexOf(bytes)}${s}`;
  const short = Buffer.from(`30${hexOf(integers.length / 2)}${integers}`, 'hex');
  const { signature } = await sent({ keys: { alg: 'ES384', kid: 'kms', sign: () => short } });
  expect(signature.toString('hex')).toBe(r.padStart(96, '0') + s.padStart(96, '0'));
});

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

it('a signer keeps its `this`, and signs exactly what is sent (S2)', async () => {
  const signer = {
    alg: 'ES384' as const,
    kid: 'kms',
    inputs: [] as string[],
    sign(input: Uint8Array): Uint8Array {
      this.inputs.push(Buffer.from(input).toString());
      return sign('sha384', input, { key: ec, dsaEncoding: 'ieee-p1363' });
    },
  };
  const { signed } = await sent({ keys: signer });
  expect(signer.inputs).toEqual([signed]);
});

it('a signer whose public key is known is registered like any key (S4)', async () => {
  const signer = { alg: 'ES384' as const, kid: 'kms', publicKeyPem: spkiOf(ec), sign: raw };
  const { keys } = await publicJwks(signer);
  expect(keys).toMatchObject([{ kid: 'kms', alg: 'ES384', crv: 'P-384' }]);
});

function filled(length: number): Uint8Array {
  return new Uint8Array(length).fill(1);
}

const derOnP521 = sign('sha384', Buffer.from('x'), ecKey('P-521'));
const faulty: readonly (readonly [what: string, alg: 'ES384' | 'RS384', signer: unknown])[] = [
  ['returns nothing', 'ES384', () => undefined],
  ['returns null', 'RS384', () => Promise.resolve(null)],
  ['returns a string', 'RS384', () => 'c2lnbmF0dXJl'],
  ['returns a list of numbers', 'RS384', () => [...filled(256)]],
  ['returns an object', 'ES384', () => ({ Signature: filled(96) })],
  ['returns no byte for ES384', 'ES384', () => filled(0)],
  ['returns 95 bytes for ES384', 'ES384', () => filled(95)],
  ['returns 97 bytes for ES384', 'ES384', () => filled(97)],
  ['returns 132 bytes, of P-521, for ES384', 'ES384', () => filled(132)],
  ['returns the DER of P-521 for ES384', 'ES384', () => derOnP521],
  ['returns DER that is cut off', 'ES384', () => sign('sha384', Buffer.from('x'), ec).subarray(0, 60)],
  ['returns no byte for RS384', 'RS384', () => filled(0)],
  ['returns a signature of ECDSA for RS384', 'RS384', () => filled(96)],
];

function thrown(): never {
  throw new Error('the key service is away');
}

it.each(faulty)('a signer that %s: a ConfigurationError, and nothing is sent (S2)', async (_what, alg, signer) => {
  const endpoint = await tokenEndpoint();
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: { alg, kid: 'kms', sign: signer as Sign } });
  expect(await failureOf(() => asked(endpoint, clientAuth))).toBeInstanceOf(ConfigurationError);
  expect(endpoint.requests).toEqual([]);
});

it.each<readonly [what: string, signer: Sign]>([
  ['throws', () => thrown()],
  ['rejects', () => Promise.reject(new Error('the key service is away'))],
  ['rejects with nothing', () => Promise.reject<Uint8Array>(undefined)],
])('a signer that %s: an error of ours, and nothing is sent (S2)', async (_what, signer) => {
  const endpoint = await tokenEndpoint();
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: { alg: 'RS384', kid: 'kms', sign: signer } });
  expect(isAuthenticationError(await failureOf(() => asked(endpoint, clientAuth)))).toBe(true);
  expect(endpoint.requests).toEqual([]);
});

it('what a signer threw is the cause, its words are not lost (S2)', async () => {
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: { alg: 'ES384', kid: 'kms', sign: () => thrown() } });
  const error = await failureOf(() => asked({ url: 'http://127.0.0.1:9/token' }, clientAuth));
  expect(isAuthenticationError(error)).toBe(true);
  expect(error).toMatchObject({ cause: { message: 'the key service is away' } });
});

it('after a failure the signer is asked again (S2)', async () => {
  const endpoint = await tokenEndpoint();
  const ways = [thrown, raw];
  const sign2: Sign = (input) => (ways.shift() ?? raw)(input);
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: { alg: 'ES384', kid: 'kms', sign: sign2 } });
  await failureOf(() => asked(endpoint, clientAuth));
  await asked(endpoint, clientAuth);
  expect(assertionsAt(endpoint).map((assertion) => verifies(assertion, ec))).toEqual([true]);
});
