// Keys as they lie about in real directories.
import { readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  generateEcKeyPair,
  generateKeyPair,
  jwksHandler,
  KeyRing,
  loadKeys,
  publicJwks,
  SmartBackendKeys,
  SmartKeyError,
} from '../../src/index.js';
import { temporaryFolder } from '../keys/folder.js';
import { failureOf } from '../keys/problem.js';
import { ecKey, jwkOf, pkcs8, spkiOf } from '../keys/material.js';
import { made } from '../assertion/stage.js';
import { privateKeyJwt } from '../../src/index.js';

const pair = ecKey();

it('a key and its public half that bear one name, as openssl users write them, are one key (S4)', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'client.key'), pkcs8(pair), { mode: 0o600 });
  await utimes(join(folder, 'client.key'), 1_700_000_000, 1_700_000_000);
  await writeFile(join(folder, 'client.pem'), spkiOf(pair), { mode: 0o600 });
  await expect(loadKeys(folder)).resolves.toHaveLength(1);
});

it('a public key set that everybody may read is passed over (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  const keys = await generateEcKeyPair(folder, { kid: 'a' });
  await writeFile(join(folder, 'jwks.json'), JSON.stringify(await publicJwks(keys)), { mode: 0o644 });
  await expect(loadKeys(folder)).resolves.toHaveLength(1);
});

it('a link that leads nowhere is a SmartKeyError or passed over, no bare ENOENT (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  await symlink('/nowhere/at/all.pem', join(folder, 'b.pem'));
  const outcome = await loadKeys(folder).catch((error: unknown) => error);
  expect(Array.isArray(outcome) || outcome instanceof SmartKeyError).toBe(true);
});

it('a passphrase is never dropped: an unknown format is refused (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  const work = generateEcKeyPair(folder, { kid: 'a', passphrase: 'a-passphrase', format: 'PEM' as never });
  await expect(work).rejects.toMatchObject({ kind: 'configuration' });
});

it('an empty passphrase is refused, it protects nothing (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await expect(generateEcKeyPair(folder, { kid: 'a', passphrase: '' })).rejects.toMatchObject({
    kind: 'configuration',
  });
});

it('the same key, loaded twice, is one key in a ring (S3)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  const ring = new KeyRing(...(await loadKeys(folder)));
  await generateEcKeyPair(folder, { kid: 'b' });
  for (const key of await loadKeys(folder)) ring.publish(key);
  expect(ring.keys).toHaveLength(2);
});

it('the same key, loaded twice, is one key in a key set (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  const [once, twice] = [await loadKeys(folder), await loadKeys(folder)];
  expect((await publicJwks(once, twice)).keys).toHaveLength(1);
});

it.each(['schlüssel', 'ключ', '鍵'])('the kid %j arrives as it is (RFC 7515 section 2)', async (kid) => {
  const keys = new SmartBackendKeys({ privateJwk: jwkOf(pair), kid });
  const { header } = await made(privateKeyJwt({ clientId: 'clïent', keys }));
  expect(header['kid']).toBe(kid);
});

it('a jku beyond ASCII arrives as it is (RFC 7515 section 2)', async () => {
  const jku = 'https://example.org/schlüssel.json';
  const { header } = await made(privateKeyJwt({ clientId: 'a', keys: await generateKeyPair('ES384'), jku }));
  expect(header['jku']).toBe(jku);
});

it('a path without an ending is named in the error, however long', async () => {
  const path = '/run/secrets/my-application/production-smart-backend-key';
  expect(String(await failureOf(() => loadKeys(path)))).toContain(path);
});

it('a key set that cannot be served says why to somebody', async () => {
  const signer = { alg: 'ES384' as const, kid: 'vault', sign: async () => new Uint8Array(96) };
  expect(await failureOf(() => jwksHandler(signer))).toBeInstanceOf(SmartKeyError);
});

it.each([
  ['bytes', async (path: string) => readFile(path)],
  ['a URL', async (path: string) => new URL(`file://${path}`)],
])('a key as %s is loaded (S4)', async (_, of) => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  const from = await of(join(folder, 'a.json'));
  const outcome = await loadKeys(from as never).catch((error: unknown) => String(error));
  expect(outcome).toMatchObject([{ kid: 'a' }]);
});

it('a list of JWKs in a text is loaded (S4)', async () => {
  const outcome = await loadKeys(JSON.stringify([jwkOf(pair)])).catch((error: unknown) => String(error));
  expect(outcome).toMatchObject([{ alg: 'ES384' }]);
});

it('a promise of keys is refused when the handler is made, not with a 500 for every request', async () => {
  const promise = generateKeyPair('ES384');
  expect(await failureOf(() => jwksHandler(promise as never))).toMatchObject({ kind: 'configuration' });
});

it('a response that somebody else has answered rejects nothing: Node would end the process (C13)', async () => {
  const handle = jwksHandler(await generateKeyPair('ES384'));
  const writeHead = (): never => {
    throw new Error('ERR_HTTP_HEADERS_SENT');
  };
  await expect(handle({ method: 'GET', headers: {} }, { writeHead, end: () => undefined })).resolves.toBeUndefined();
});
