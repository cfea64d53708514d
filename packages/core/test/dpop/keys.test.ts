// Which key signs, where it is kept, and what becomes of tokens that are bound to another one?
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import {
  AuthenticationError,
  Authorizer,
  clientCredentialsSource,
  firstOf,
  memoryTokenStore,
  passwordSource,
  publicClient,
} from '../../src/index.js';
import { ecKeyPair, rsaKeyPair, startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import { webKeyStoreOn } from '../../src/browser/web-key-store.js';
import { webKeyStore } from '../../src/browser/index.js';
import { dpopProof } from '../../src/dpop/index.js';
import type { DpopProof } from '../../src/dpop/index.js';
import type { TokenStore } from '../../src/index.js';
import { fileKeyStore, fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from '../stores/folder.js';
import { stage } from './stage.js';

const scene = stage();

function pairFor(namedCurve: string): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
}

function sourceOf(tokenUrl: string, dpop: DpopProof): ReturnType<typeof passwordSource> {
  return passwordSource({ tokenUrl, clientAuth: publicClient({ clientId: 'a' }), username: 'u', password: 'p', dpop });
}

describe('the thumbprint (RFC 7638)', () => {
  it.each([
    [
      'of the key of RFC 8037, appendix A',
      {
        kty: 'OKP',
        crv: 'Ed25519',
        d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      },
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    ],
  ])('%s is that of the RFC', async (_what, keyPair, expected) => {
    await expect((await dpopProof({ keyPair })).thumbprint()).resolves.toBe(expected);
  });

  it('is the same for a private JWK as for its key pair, whatever the JWK says of its use (C23)', async () => {
    const keyPair = await pairFor('P-384');
    const jwk = await crypto.subtle.exportKey('jwk', keyPair.privateKey);
    const proofs = await Promise.all([
      dpopProof({ keyPair }),
      dpopProof({ keyPair: { ...jwk, use: 'sig', key_ops: ['verify'] } }),
    ]);
    const [one, other] = await Promise.all(proofs.map((proof) => proof.thumbprint()));
    expect(one).toBe(other);
  });
});

describe('keys that cannot be meant', () => {
  it('a key for another algorithm (C23)', async () => {
    const keyPair = await pairFor('P-384');
    await expect(dpopProof({ keyPair, alg: 'ES256' })).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/ES384.*not for ES256/) as string,
    });
  });

  it.each([
    ['a public JWK', async () => crypto.subtle.exportKey('jwk', (await pairFor('P-256')).publicKey)],
    ['a symmetric key', async () => Promise.resolve({ kty: 'oct', k: 'AAAA' })],
    [
      'a curve that is not signed with',
      async () => crypto.subtle.exportKey('jwk', (await pairFor('P-521')).privateKey),
    ],
    ['an empty object', async () => Promise.resolve({})],
  ])('%s is a ConfigurationError (C23)', async (_what, make) => {
    await expect(dpopProof({ keyPair: await make() })).rejects.toMatchObject({ kind: 'configuration' });
  });

  it('swapped halves, and a pair for agreement (C23)', async () => {
    const { publicKey, privateKey } = await pairFor('P-256');
    await expect(dpopProof({ keyPair: { publicKey: privateKey, privateKey: publicKey } })).rejects.toMatchObject({
      kind: 'configuration',
    });
    const agreeing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    await expect(dpopProof({ keyPair: agreeing })).rejects.toMatchObject({ kind: 'configuration' });
  });

  it.each([
    ['ES256', () => ecKeyPair('P-256'), { name: 'ECDSA', namedCurve: 'P-256' }],
    ['RS256', rsaKeyPair, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
  ] as const)('halves of two pairs, for %s (C23)', async (_alg, make, algorithm) => {
    const [one, other] = [make(), make()];
    const [jwk, publicJwk] = [one.privateKey, other.publicKey].map((key): JsonWebKey => key.export({ format: 'jwk' }));
    const imported = (key: JsonWebKey = {}): Promise<CryptoKey> =>
      crypto.subtle.importKey('jwk', key, algorithm, true, key.d === undefined ? ['verify'] : ['sign']);
    const mixed = { privateKey: await imported(jwk), publicKey: await imported(publicJwk) };
    const keyStore = { keep: async () => Promise.resolve(mixed) };
    for (const options of [{ keyPair: mixed }, { keyStore }, { keyPair: { ...jwk, ...publicJwk } }])
      await expect(dpopProof(options)).rejects.toMatchObject({ kind: 'configuration' });
    await expect(dpopProof({ keyPair: mixed })).rejects.toThrow('is not that of the private key');
    await expect(dpopProof({ keyPair: jwk ?? {} })).resolves.toBeDefined();
  });

  it('a public half that may only be exported is taken (C23)', async () => {
    const { privateKey, publicKey } = await pairFor('P-256');
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), key_ops: [] };
    const shown = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, []);
    await expect(dpopProof({ keyPair: { privateKey, publicKey: shown } })).resolves.toBeDefined();
  });

  it.each([
    ['a pair without a private key', { keyPair: { privateKey: null, publicKey: null } }],
    ['a type of key that objects have', { keyPair: { kty: 'constructor', crv: 'P-256', d: 'x' } }],
    ['a store that keeps nothing', { keyStore: {} }],
    ['a clock that does not go', { clock: {} }],
  ])('%s is a ConfigurationError that names the option (C23)', async (_what, options) => {
    const failure: unknown = await dpopProof(Object(options) as object).catch((error: unknown) => error);
    const [name] = Object.keys(options);
    expect(failure).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(`${name}|private key`) as unknown,
    });
    expect(failure).toMatchObject({ message: expect.not.stringContaining('iterable') as unknown });
  });

  it('a key that does not sign after all (C23)', async () => {
    const { publicKey, privateKey } = await pairFor('P-256');
    const { algorithm, usages } = privateKey; // as a copy by JSON leaves it
    const copy = Object({ algorithm, usages }) as CryptoKey;
    await expect(dpopProof({ keyPair: { publicKey, privateKey: copy } })).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('does not sign ES256') as string,
    });
  });

  it('an RSA key below 2048 bits signs no proofs (C23, RFC 7518 section 3.3)', async () => {
    const rsa = { name: 'RSASSA-PKCS1-v1_5', publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
    const keyPair = await crypto.subtle.generateKey({ ...rsa, modulusLength: 1024 }, true, ['sign', 'verify']);
    const jwk = await crypto.subtle.exportKey('jwk', keyPair.privateKey);
    for (const key of [keyPair, jwk])
      await expect(dpopProof({ keyPair: key })).rejects.toMatchObject({
        message: expect.stringContaining('2048 bits') as unknown,
      });
  });

  it.each([[{ alg: 'HS256' }], [{ algorithm: 'ES256' }], [{ keyPair: 'pem' }]])(
    '%j is refused with what is known (C23)',
    async (options) => {
      await expect(dpopProof(options as object)).rejects.toMatchObject({ kind: 'configuration' });
    },
  );
});

describe('tokens that are bound to another key', () => {
  it('count as missing in a store, their refresh token as well: somebody signs in again (C23)', async () => {
    const { auth, tokenUrl, tokenRequests } = await scene({ refreshes: true, auth: { store: memoryTokenStore() } });
    const store = memoryTokenStore();
    await store.save(await auth.getToken());
    const later = new Authorizer(sourceOf(tokenUrl, await dpopProof()), { store });
    await expect(later.getToken()).resolves.toMatchObject({ accessToken: 'access-2' });
    expect(new URLSearchParams(tokenRequests[1]?.body.toString()).get('grant_type')).toBe('password');
    await expect(store.load()).resolves.toMatchObject({ accessToken: 'access-2' });
  });

  it('are refused from the program, which should have kept their key (C23)', async () => {
    const { auth, tokenUrl } = await scene();
    const token = await auth.getToken();
    const source = sourceOf(tokenUrl, await dpopProof());
    expect(() => new Authorizer(source, { initialToken: token })).toThrow(/another key/);
    await expect(new Authorizer(source).setToken(token)).rejects.toThrow(/another key/);
  });

  it('a store that outlives the key is a ConfigurationError that says how to keep it (C23)', async () => {
    const { tokenUrl } = await scene();
    const store = fileTokenStore(join(await temporaryFolder(), 'token.json'));
    const source = sourceOf(tokenUrl, await dpopProof());
    expect(() => new Authorizer(source, { store })).toThrow(/keyStore.*webKeyStore.*fileKeyStore.*keyPair/);
  });
});

it('an algorithm that the issuer does not take is a ConfigurationError with both sides, and nothing is sent (C23, C24)', async () => {
  const algs = ['ES256', 'PS256'];
  const idp: LoopbackServer = await startLoopback((_request, response) => {
    const members = {
      issuer: idp.origin,
      token_endpoint: `${idp.origin}/token`,
      dpop_signing_alg_values_supported: algs,
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(members));
  });
  const clientAuth = publicClient({ clientId: 'a' });
  const dpop = await dpopProof({ alg: 'ES384' });
  const authorizer = new Authorizer(clientCredentialsSource({ issuer: idp.origin, clientAuth, dpop }));
  await expect(authorizer.getToken()).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/ES384, and .* takes ES256, PS256/) as string,
  });
  expect(idp.requests.map(({ method }) => method)).not.toContain('POST');
  await idp.stop();
});

it('a bearer token that is bound to a certificate is no token of another key (C23, C25)', async () => {
  const proof = await dpopProof({ optional: true });
  const store = proof.guard(memoryTokenStore());
  await store.save({ accessToken: 'a', tokenType: 'Bearer', boundTo: 'of a certificate' });
  await expect(store.load()).resolves.toMatchObject({ accessToken: 'a' });
  await store.save({ accessToken: 'b', tokenType: 'DPoP', boundTo: 'of another key' });
  await expect(store.load()).resolves.toBeUndefined();
});

it('the store of bound tokens hears when nobody waits for its lease any more (C6, C23)', async () => {
  const heard: unknown[] = [];
  const exclusive: TokenStore['exclusive'] = (work, waiting) => (heard.push(waiting), work());
  const guarded = (await dpopProof()).guard({ ...memoryTokenStore(), exclusive });
  const waiting = { signal: new AbortController().signal };
  await expect(guarded.exclusive?.(() => Promise.resolve('done'), waiting)).resolves.toBe('done');
  expect(heard).toEqual([waiting]);
});

describe('of several sources', () => {
  it('firstOf sends bound tokens with their proof, and bearer tokens without (C23, C27)', async () => {
    const { tokenUrl, proof } = await scene();
    const nobody = new AuthenticationError('nobody', { code: 'not_authenticated', kind: 'session' });
    const sources = { mounted: () => Promise.reject(nobody), bound: sourceOf(tokenUrl, proof) };
    const headers = await new Authorizer(firstOf(sources), { allow: tokenUrl }).headers(tokenUrl);
    expect(headers).toEqual({ Authorization: 'DPoP access-1', DPoP: expect.stringMatching(/^eyJ/) as string });
    const mixed = firstOf({ mounted: async () => 'bearer', bound: sourceOf(tokenUrl, proof) });
    await expect(new Authorizer(mixed, { allow: tokenUrl }).headers(tokenUrl)).resolves.toEqual({
      Authorization: 'Bearer bearer',
    });
  });

  it('firstOf refuses several keys (C23, C27)', async () => {
    const { tokenUrl, proof } = await scene();
    const another = sourceOf(tokenUrl, await dpopProof());
    expect(() => firstOf({ one: sourceOf(tokenUrl, proof), another })).toThrow(/the same `dpop`/);
    expect(() => firstOf({ one: sourceOf(tokenUrl, proof), another: sourceOf(tokenUrl, proof) })).not.toThrow();
  });
});

describe('a key in a file', () => {
  it('is made once, 0600, and a later run goes on with its tokens (C23)', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'keys', 'key.json');
    const keyStore = fileKeyStore(path);
    const first = await scene({
      refreshes: true,
      proof: { keyStore },
      auth: { store: fileTokenStore(join(folder, 'token.json')) },
    });
    await first.auth.getToken();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const dpop = await dpopProof({ keyStore: fileKeyStore(path) });
    const later = new Authorizer(sourceOf(first.tokenUrl, dpop), { store: fileTokenStore(join(folder, 'token.json')) });
    await expect(later.getToken()).resolves.toMatchObject({ accessToken: 'access-1' });
    await expect(later.getToken({ force: true })).resolves.toMatchObject({ accessToken: 'access-2' });
    expect(first.rejections).toEqual([]);
  });

  it('many that begin at once have one key (C23)', async () => {
    const path = join(await temporaryFolder(), 'key.json');
    const proofs = await Promise.all(Array.from({ length: 10 }, () => dpopProof({ keyStore: fileKeyStore(path) })));
    const thumbprints = await Promise.all(proofs.map((proof) => proof.thumbprint()));
    expect(new Set(thumbprints).size).toBe(1);
  });

  it.each([
    ['no JSON', '-----BEGIN PRIVATE KEY-----'],
    ['a public key', '{"kty":"EC","crv":"P-256","x":"a","y":"b"}'],
    ['a private key that is none', '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}'],
    ['nothing', ''],
  ])('a file that holds %s is left alone (C23)', async (_what, text) => {
    const path = join(await temporaryFolder(), 'key.json');
    await writeFile(path, text);
    await expect(dpopProof({ keyStore: fileKeyStore(path) })).rejects.toMatchObject({ kind: 'configuration' });
    await expect(readFile(path, 'utf8')).resolves.toBe(text);
  });

  it('no key is kept where others could replace it, and none that cannot be read (C23)', async () => {
    const folder = await temporaryFolder();
    const keyStore = fileKeyStore(join(folder, 'key.json'));
    await expect(dpopProof({ keyStore, extractable: false })).rejects.toThrow(/extractable: false/);
    await chmod(folder, 0o777);
    await expect(dpopProof({ keyStore })).rejects.toMatchObject({ kind: 'configuration' });
  });
});

describe('a key in a browser', () => {
  it('is the same for tabs that begin at once, and later; no script can read it (C23)', async () => {
    const databases = new IDBFactory();
    const made: CryptoKeyPair[] = [];
    const open = (): Promise<CryptoKeyPair | JsonWebKey> =>
      webKeyStoreOn(() => ({ databases }), { name: 'reports' }).keep(async () => {
        const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
        made.push(pair);
        return pair;
      });
    const keys = await Promise.all([open(), open(), open()]);
    keys.push(await open());
    const thumbprints = await Promise.all(keys.map(async (keyPair) => (await dpopProof({ keyPair })).thumbprint()));
    expect(new Set(thumbprints).size).toBe(1);
    expect(made.length).toBeLessThanOrEqual(3);
    expect(keys.map((key) => 'privateKey' in key && key.privateKey.extractable)).toEqual([false, false, false, false]);
  });

  it('on a server, which has no pages, webKeyStore says so when it is used (C23)', async () => {
    await expect(dpopProof({ keyStore: webKeyStore({ name: 'reports' }) })).rejects.toThrow(/fileKeyStore/);
    expect(() => webKeyStore({ name: ' ' })).toThrow(/webKeyStore needs a `name`/);
  });
});
