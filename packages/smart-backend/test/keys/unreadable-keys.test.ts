// What is said of a key that cannot be read at all?
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@axios-authorizer/core';
import { loadKeys, SmartKeyError } from '../../src/index.js';
import { fileWith, temporaryFolder } from './folder.js';
import { ecKey, encrypted, jwkOf, pkcs8, publicJwkOf, rsaKey, spkiOf, thumbprint } from './material.js';
import { failureOf, problemOf } from './problem.js';
import type { Jwk } from '../../src/index.js';

const [rsa, ec, otherEc] = [rsaKey(), ecKey(), ecKey()];
const [rsaJwk, ecJwk] = [jwkOf(rsa), jwkOf(ec)];
const sec1 = String(ec.export({ type: 'sec1', format: 'pem' }));
const pkcs1 = String(rsa.export({ type: 'pkcs1', format: 'pem' }));
const rsaSpki1 = `-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n`;
const certificate = `-----BEGIN CERTIFICATE-----\nMIIByTCCAVCgAwIBAgIUZjriz5XQpt3F\n-----END CERTIFICATE-----\n`;

it('every problem is a ConfigurationError, so nothing was sent and nothing is tried again (S4)', async () => {
  const error = await failureOf(() => loadKeys(''));
  expect(error).toBeInstanceOf(SmartKeyError);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({ name: 'SmartKeyError', kind: 'configuration', transient: false, problem: 'missing' });
});

it.each([
  ['an empty text', ''],
  ['blanks, as of an environment variable', ' \t '],
  ['line ends', '\n\r\n'],
  ['literal line ends', '\\n\\n'],
  ['a variable that is not set', undefined],
  ['null', null],
])('%s is a missing key (S4)', async (_what, from) => {
  expect(await problemOf(() => loadKeys(from as string))).toBe('missing');
});

it('an empty file, a file that is not there and one below a file are missing keys, told with the path (S4)', async () => {
  const empty = await fileWith('');
  for (const path of [empty, join(await temporaryFolder(), 'none.pem'), join(empty, 'none.pem')])
    await expect(loadKeys(path)).rejects.toMatchObject({
      problem: 'missing',
      message: expect.stringContaining(path) as unknown,
    });
});

it.each(['640', '644', '604', '660', '666', '601', '610'])(
  'a key file of mode %s is refused, and anyMode takes it (S4)',
  async (mode) => {
    const path = await fileWith(pkcs8(ec));
    await chmod(path, Number.parseInt(mode, 8));
    await expect(loadKeys(path)).rejects.toMatchObject({
      problem: 'permissions',
      message: expect.stringMatching(`mode 0${mode}.*chmod 600`) as unknown,
    });
    await expect(loadKeys(path, { anyMode: true })).resolves.toMatchObject([{ kid: thumbprint(ec) }]);
  },
);

it.each(['600', '400', '700'])('a key file of mode %s is its owner’s alone (S4)', async (mode) => {
  const path = await fileWith(pkcs8(ec));
  await chmod(path, Number.parseInt(mode, 8));
  await expect(loadKeys(path)).resolves.toHaveLength(1);
});

const texts = { 'PKCS #8': pkcs8(rsa), 'PKCS #1': pkcs1, 'SEC 1': sec1, JWK: JSON.stringify(ecJwk) };
const cuts = Object.entries(texts).flatMap(([what, text]) =>
  [0.05, 0.3, 0.5, 0.8, 0.95, 0.99].map((part) => [Math.round(part * 100), what, text.slice(0, text.length * part)]),
);

it.each(cuts)('the first %i per cent of a %s are malformed, as text and as a file (S4)', async (_part, _what, text) => {
  const problems = [text, await fileWith(text as string)].map((from) => problemOf(() => loadKeys(from as string)));
  expect(await Promise.all(problems)).toEqual(['malformed', 'malformed']);
});

it('a PEM that lacks any one of its lines is malformed (S4)', async () => {
  const lines = pkcs8(rsa).trimEnd().split('\n');
  const pems = lines.map((_line, left) => lines.filter((_other, index) => index !== left).join('\n'));
  const problems = await Promise.all(pems.map((pem) => problemOf(() => loadKeys(pem))));
  expect(problems).toEqual(lines.map(() => 'malformed'));
});

it('a private key whose end is missing is malformed, also beside its whole public key (S4)', async () => {
  const text = `${pkcs8(ec).slice(0, 150)}\n${spkiOf(ec)}`;
  expect(await problemOf(() => loadKeys(text))).toBe('malformed');
});

it.each([1, 16, 300, 5_000])('%i bytes of rubbish in a file are malformed (S4)', async (bytes) => {
  const rubbish = Buffer.concat([Buffer.from([0xff]), randomBytes(bytes)]);
  expect(await problemOf(async () => loadKeys(await fileWith(rubbish)))).toBe('malformed');
});

it.each<readonly [what: string, jwk: Jwk]>([
  ['an EC JWK whose d is another key’s', { ...ecJwk, d: jwkOf(otherEc)['d'] }],
  ['an EC JWK whose x is another key’s', { ...ecJwk, x: jwkOf(otherEc)['x'] }],
  ['an EC JWK without y', { ...ecJwk, y: undefined }],
  ['an EC JWK whose d is cut off', { ...ecJwk, d: String(ecJwk['d']).slice(0, 20) }],
  ['an RSA JWK whose n is another key’s', { ...rsaJwk, n: jwkOf(rsaKey())['n'] }],
  ['an RSA JWK without p and q', { kty: 'RSA', n: rsaJwk['n'], e: rsaJwk['e'], d: rsaJwk['d'] }],
  ['an RSA JWK without dp', { ...rsaJwk, dp: undefined }],
  ['a JWK of no kty', { ...ecJwk, kty: undefined as never }],
])('%s is malformed, as an object and as text (S4)', async (_what, jwk) => {
  const problems = [jwk, JSON.stringify(jwk)].map((from) => problemOf(() => loadKeys(from)));
  expect(await Promise.all(problems)).toEqual(['malformed', 'malformed']);
});

it.each([{ keys: null }, { keys: {} }, { keys: 'all' }])('%j is a malformed JWK Set (S4)', async (set) => {
  expect(await problemOf(() => loadKeys(set as never))).toBe('malformed');
});

it.each([
  ['a public PEM', spkiOf(ec)],
  ['a public PKCS #1 PEM', rsaSpki1],
  ['a certificate', certificate],
  ['a public JWK', publicJwkOf(ec)],
  ['a public JWK as text', JSON.stringify(publicJwkOf(rsa))],
  ['a public JWK Set', { keys: [publicJwkOf(ec), publicJwkOf(rsa)] }],
  ['an empty JWK Set', { keys: [] }],
])('%s holds no private key, which is told as public (S4)', async (_what, from) => {
  expect(await problemOf(() => loadKeys(from))).toBe('public');
});

it.each([
  ['PKCS #8', encrypted(ec, 'correct horse')],
  ['PKCS #1', String(rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' }))],
])('an encrypted %s wants its passphrase, and the right one (S4)', async (_what, pem) => {
  expect(await problemOf(() => loadKeys(pem))).toBe('encrypted');
  for (const passphrase of ['', 'Correct horse', 'correct horse ', 'x'.repeat(1_000)])
    expect(await problemOf(() => loadKeys(pem, { passphrase }))).toBe('passphrase');
});
