// Does anything that is said about a key, or holds one, show the key?
import { chmod } from 'node:fs/promises';
import { inspect } from 'node:util';
import { leaks } from '@axios-authorizer/test-kit';
import {
  createSmartBackendClient,
  generateEcKeyPair,
  jwksHandler,
  KeyRing,
  loadKeys,
  privateKeyJwt,
  SMARTBackendAuth,
  SmartBackendKeys,
  SmartKeyError,
} from '../../src/index.js';
import { fileWith, temporaryFolder } from './folder.js';
import { bodyLines, ecKey, encrypted, jwkOf, pkcs8, rsaKey, secretsOf } from './material.js';
import { failureOf } from './problem.js';
import type { Jwk, Jwks } from '../../src/index.js';

const [rsa, ec, otherEc, p256, shortRsa] = [rsaKey(), ecKey(), ecKey(), ecKey('P-256'), rsaKey(1024)];
const passphrase = 'correct horse battery staple';
const closed = encrypted(rsa, passphrase);
const [rsaJwk, ecJwk] = [jwkOf(rsa), jwkOf(ec)];
const thinRsa: Jwk = { kty: 'RSA', n: rsaJwk['n'], e: rsaJwk['e'], d: rsaJwk['d'] };
const base64 = Buffer.from(pkcs8(ec)).toString('base64');
const unarmoured = pkcs8(ec).replaceAll(/-----.*-----|\n/g, '');

const secrets = [
  ...[rsa, ec, otherEc, p256, shortRsa].flatMap(secretsOf),
  ...bodyLines(closed),
  passphrase,
  base64,
  unarmoured,
];

function shown(value: unknown): readonly string[] {
  return leaks(value, secrets);
}

function cut(text: string, part: number): string {
  return text.slice(0, text.length * part);
}

async function openFile(): Promise<string> {
  const path = await fileWith(pkcs8(ec));
  await chmod(path, 0o644);
  return path;
}

const withoutLine = pkcs8(rsa).split('\n').toSpliced(5, 1).join('\n');
const failing: readonly (readonly [what: string, from: string | Jwk | Jwks | (() => Promise<string>)])[] = [
  ['a PEM cut off', cut(pkcs8(rsa), 0.9)],
  ['a PEM without one line', withoutLine],
  ['a PEM of which a byte is wrong', pkcs8(ec).replace('MIG', 'MIF')],
  ['a JWK cut off', cut(JSON.stringify(ecJwk), 0.9)],
  ['a JWK in quotes', `'${JSON.stringify(ecJwk)}'`],
  ['a JWK as a JSON string', JSON.stringify(JSON.stringify(ecJwk))],
  ['a PEM in base64', base64],
  ['a PEM without its armour', unarmoured],
  ['a file of a PEM in base64', () => fileWith(base64)],
  ['a JWK whose d is another’s', { ...ecJwk, d: jwkOf(otherEc)['d'] }],
  ['a JWK whose x is its d', { ...ecJwk, x: ecJwk['d'] }],
  ['an RSA JWK without p', thinRsa],
  ['a JWK whose kty is wrong', { ...ecJwk, kty: 'RSA' }],
  ['a JWK whose crv is wrong', { ...ecJwk, crv: 'P-256' }],
  ['a JWK whose p is a number', { ...rsaJwk, p: 5 }],
  ['a JWK whose q is a list with it', { ...rsaJwk, q: [rsaJwk['q']] }],
  ['a JWK for another algorithm', { ...rsaJwk, alg: 'RS256' }],
  ['a JWK with an empty kid', { ...rsaJwk, kid: '' }],
  ['a key on P-256', pkcs8(p256)],
  ['a JWK on P-256', jwkOf(p256)],
  ['a short RSA key', pkcs8(shortRsa)],
  ['an encrypted PEM', closed],
  ['an encrypted PEM cut off', cut(closed, 0.8)],
  ['two keys under one kid', { keys: [rsaJwk, ecJwk].map((jwk) => ({ ...jwk, kid: 'a' })) }],
  ['a file that others can read', openFile],
  ['a file cut off', () => fileWith(cut(pkcs8(ec), 0.8))],
  ['a file without one line', () => fileWith(withoutLine)],
];

it.each(failing)('what is said of %s shows nothing of it (S4)', async (_what, from) => {
  const key = typeof from === 'function' ? await from() : from;
  const error = await failureOf(() => loadKeys(key));
  expect(error).toBeInstanceOf(SmartKeyError);
  expect(shown(error)).toEqual([]);
  expect(shown(inspect(error, { showHidden: true, depth: 10 }))).toEqual([]);
});

it.each([
  ['a wrong passphrase', closed, 'wrong but just as secret'],
  ['the passphrase of a damaged PEM', closed.replace(bodyLines(closed)[2] ?? '', ''), passphrase],
])('what is said of %s shows neither it nor the key (S4)', async (_what, pem, given) => {
  const error = await failureOf(() => loadKeys(pem, { passphrase: given }));
  expect(error).toBeInstanceOf(SmartKeyError);
  expect([...shown(error), ...leaks(error, [given])]).toEqual([]);
});

it('what is said of a key that would be overwritten, or a wish that cannot be met, shows no key (S4)', async () => {
  const folder = await temporaryFolder();
  const { privateJwk } = await generateEcKeyPair(folder, { kid: 'a' });
  for (const options of [{ kid: 'a' }, { kid: 'a/b' }, { format: 'jwk', passphrase } as const]) {
    const error = await failureOf(() => generateEcKeyPair(folder, options));
    expect([...shown(error), ...leaks(error, [String(privateJwk['d'])])]).toEqual([]);
  }
});

const keys = [rsaJwk, ecJwk].map((privateJwk, index) => new SmartBackendKeys({ privateJwk, kid: `${index}` }));
const options = { baseUrl: 'https://fhir.example.org', clientId: 'me', scope: 'system/Patient.rs', keys };

it.each<readonly [what: string, make: () => unknown]>([
  ['SmartBackendKeys', () => keys],
  ['keys with all their members, copied', () => Object.assign({}, keys[0])],
  ['a KeyRing', () => new KeyRing(...keys)],
  ['SMARTBackendAuth', () => new SMARTBackendAuth(options)],
  ['a client', () => createSmartBackendClient(options)],
  ['the auth of a client', () => createSmartBackendClient(options).auth],
  ['privateKeyJwt', () => privateKeyJwt({ clientId: 'me', keys })],
  ['jwksHandler', () => jwksHandler(keys)],
])('%s shows nothing of the keys that it holds (S4)', (_what, make) => {
  expect(shown(make())).toEqual([]);
  expect(shown({ nested: [make()] })).toEqual([]);
});

it('hidden members show nothing either (S4)', () => {
  for (const holder of [...keys, new KeyRing(...keys), new SMARTBackendAuth(options)])
    expect(shown(inspect(holder, { showHidden: true, depth: 10 }))).toEqual([]);
});

it('the search finds what is shown: who asks for the private JWK gets it (S4)', () => {
  for (const { privateJwk } of keys) expect(shown(privateJwk).length).toBeGreaterThan(0);
  for (const text of [pkcs8(ec), closed, base64, unarmoured]) expect(shown({ text }).length).toBeGreaterThan(0);
});
