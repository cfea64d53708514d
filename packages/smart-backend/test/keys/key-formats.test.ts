// In which forms may a key be handed to loadKeys, and is it the same key in all of them?
import { createPrivateKey } from 'node:crypto';
import { generateKeyPair, loadKeys } from '../../src/index.js';
import { fileWith } from './folder.js';
import { ecKey, encrypted, jwkOf, keyWhere, pkcs8, publicJwkOf, rsaKey, spkiOf, thumbprint } from './material.js';
import type { Jwk, Jwks, LoadKeysOptions, SmartBackendKeys } from '../../src/index.js';
import type { KeyObject } from 'node:crypto';

const [rsa, ec, otherEc] = [rsaKey(), ecKey(), ecKey()];
const passphrase = 'correct horse';
/** The OID of P-384, as OpenSSL writes it before an EC key. */
const ecParameters = '-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n';
const bagAttributes = 'Bag Attributes\n    friendlyName: my key\nKey Attributes: <No Attributes>\n';

function pem(key: KeyObject, type: 'pkcs1' | 'sec1'): string {
  return String(key.export({ type, format: 'pem' }));
}

function traditional(key: KeyObject, type: 'pkcs1' | 'sec1'): string {
  return String(key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase }));
}

async function theKey(from: string | Jwk | Jwks, options: LoadKeysOptions = {}): Promise<SmartBackendKeys> {
  const [key, ...more] = await loadKeys(from, options);
  if (key === undefined || more.length > 0) throw new Error(`Expected one key, not ${more.length + (key ? 1 : 0)}`);
  return key;
}

const pems: readonly (readonly [what: string, key: KeyObject, text: string])[] = [
  ['PKCS #8, EC', ec, pkcs8(ec)],
  ['PKCS #8, RSA', rsa, pkcs8(rsa)],
  ['PKCS #1', rsa, pem(rsa, 'pkcs1')],
  ['SEC 1', ec, pem(ec, 'sec1')],
  ['SEC 1 after its EC PARAMETERS', ec, ecParameters + pem(ec, 'sec1')],
  ['encrypted PKCS #8', ec, encrypted(ec, passphrase)],
  ['encrypted PKCS #1', rsa, traditional(rsa, 'pkcs1')],
  ['encrypted SEC 1', ec, traditional(ec, 'sec1')],
  ['PKCS #8 with explanatory text before it', ec, bagAttributes + pkcs8(ec)],
  ['PKCS #8 beside its public key', ec, pkcs8(ec) + spkiOf(ec)],
];

describe.each(pems)('a PEM (%s)', (_what, key, text) => {
  it.each([
    ['as it is', text],
    ['with blank lines around it', `\n\n${text}\n\n`],
    ['without a line end', text.trimEnd()],
    ['with CRLF', text.replaceAll('\n', '\r\n')],
    ['on one line with blanks for line ends', text.replaceAll('\n', ' ')],
    ['on one line with literal \\n', text.replaceAll('\n', '\\n')],
    ['on one line with literal \\n, in quotes', `"${text.replaceAll('\n', '\\n')}"`],
  ])('%s is read as text, and as a file (S4)', async (_form, form) => {
    for (const from of [form, await fileWith(form)]) {
      const loaded = await theKey(from, { passphrase });
      expect(loaded).toMatchObject({ kid: thumbprint(key), publicKeyPem: spkiOf(key) });
      expect(loaded.privateJwk).toMatchObject(jwkOf(key));
    }
  });
});

const set = { keys: [publicJwkOf(otherEc), { ...publicJwkOf(ec), kid: 'a' }, { ...jwkOf(ec), kid: 'a' }] };
it.each<readonly [what: string, kid: string, from: Jwk | Jwks]>([
  ['a JWK', thumbprint(ec), jwkOf(ec)],
  ['a JWK with its kid', 'a', { ...jwkOf(ec), kid: 'a', alg: 'ES384', use: 'sig', key_ops: ['sign'], ext: true }],
  ['a JWK Set with public keys beside it, one of them under its kid', 'a', set],
])('%s is read as an object, a text and a file (S4)', async (_what, kid, from) => {
  const [text, pretty] = [JSON.stringify(from), JSON.stringify(from, undefined, 2)];
  const files = [await fileWith(pretty, 'key.json'), await fileWith(`\uFEFF${text}`, 'key')];
  for (const form of [from, text, ` ${pretty}\n`, ...files])
    expect(await theKey(form)).toMatchObject({ kid, alg: 'ES384', publicKeyPem: spkiOf(ec) });
});

it('a JWK that holds a text of several lines beside the key is read as well (S4)', async () => {
  const text = JSON.stringify({ ...jwkOf(ec), note: 'made by us\nrotated yearly' });
  expect(await theKey(text)).toMatchObject({ kid: thumbprint(ec) });
});

it('a PEM of several private keys is several keys (S4)', async () => {
  const loaded = await loadKeys(pkcs8(rsa) + pkcs8(ec));
  expect(loaded.map(({ alg, kid }) => [alg, kid])).toEqual([
    ['RS384', thumbprint(rsa)],
    ['ES384', thumbprint(ec)],
  ]);
});

it('a JWK Set of several private keys is several keys, in its order (S3)', async () => {
  const keys = [
    { ...jwkOf(rsa), kid: 'new' },
    { ...jwkOf(ec), kid: 'old' },
  ];
  const loaded = await loadKeys({ keys });
  expect(loaded.map(({ alg, kid }) => [alg, kid])).toEqual([
    ['RS384', 'new'],
    ['ES384', 'old'],
  ]);
});

it('one key that stands in two places is one key (S3)', async () => {
  expect(await loadKeys({ keys: [jwkOf(ec), jwkOf(ec)] })).toHaveLength(1);
  expect(await loadKeys(pkcs8(ec) + pem(ec, 'sec1'))).toHaveLength(1);
});

it('the kid that is given goes before the one that stands with the key (S4)', async () => {
  const jwk = { ...jwkOf(ec), kid: 'theirs' };
  expect((await theKey(jwk)).kid).toBe('theirs');
  expect((await theKey(jwk, { kid: 'ours' })).kid).toBe('ours');
  expect((await theKey(pkcs8(ec), { kid: 'ours' })).privateJwk).toMatchObject({ kid: 'ours', alg: 'ES384' });
});

it('keys are read back from their own privateJwk (S4)', async () => {
  const made = await generateKeyPair('ES384', { kid: 'a' });
  expect((await theKey(made.privateJwk)).privateJwk).toEqual(made.privateJwk);
  expect((await theKey(JSON.stringify(made.privateJwk))).publicKeyPem).toBe(made.publicKeyPem);
});

// Numbers keep their leading zeros (RFC 7518 section 6.2); 04 5F … of a point looks like an OCTET STRING of 95 bytes.
it.each([
  ['x', 0],
  ['y', 0],
  ['d', 0],
  ['x', 0x5f],
] as const)('a key whose %s begins with the byte %i is read from PEM and JWK (S4)', async (member, byte) => {
  const key = keyWhere(member, byte);
  for (const from of [jwkOf(key), pkcs8(key), pem(key, 'sec1')]) {
    const { privateJwk, kid } = await theKey(from);
    expect(privateJwk).toMatchObject(jwkOf(key));
    expect(kid).toBe(thumbprint(key));
    expect(createPrivateKey({ key: privateJwk, format: 'jwk' }).equals(key)).toBe(true);
  }
});
