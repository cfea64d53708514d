// Is each assertion signed with the key that was given, in whatever form, dated by the server's clock, and used once (RFC 7523,
// RFC 8705)?
import { createHash, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { inspect } from 'node:util';
import { ecKeyPair, ed25519KeyPair, ManualClock, rsaKeyPair, serverCertificate } from '@axios-authorizer/test-kit';
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretJwt,
  ConfigurationError,
  memoryTokenStore,
  privateKeyJwt,
  refreshTokenSource,
  tlsClientAuth,
} from '../../src/index.js';
import { dpopProof } from '../../src/dpop/index.js';
import { jwtClaims } from '../../src/extend.js';
import { parseObject, recordOf } from '../../src/internal/records.js';
import { failureOf, loopback, minuteMs, tokenRequest } from './stage.js';
import type { KeyObject } from 'node:crypto';
import type { LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';
import type { ClientAuth, PrivateKey, PrivateKeyJwtOptions } from '../../src/index.js';

/** Node 20 reads such a key, and signs with it; Node 24 does not. */
const OF_TWO_KEYS = /members of that JWK are of two|is it whole/;

const TOKEN = '{"access_token":"issued","token_type":"Bearer","expires_in":3600}';
const rsa = rsaKeyPair();
const ec = ecKeyPair('P-256');
const clientId = 'me';

type Form = Readonly<Record<string, string>>;

/** A token endpoint that grants everything, unless a test says otherwise. */
async function desk(handle?: LoopbackHandler): Promise<LoopbackServer> {
  return loopback(handle ?? ((_, response) => void response.end(TOKEN)));
}

function formsOf({ requests }: LoopbackServer): readonly Form[] {
  return requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body.toString())));
}

function claimsOf(form: Form | undefined): Readonly<Record<string, unknown>> {
  return jwtClaims(form?.['client_assertion'] ?? '') ?? {};
}

function headerOf(form: Form | undefined): Readonly<Record<string, unknown>> {
  const [header = ''] = (form?.['client_assertion'] ?? '').split('.');
  return parseObject(Buffer.from(header, 'base64url').toString()) ?? {};
}

/** The form that a client sent which authenticates so. */
async function sent(clientAuth: ClientAuth): Promise<Form> {
  const server = await desk();
  await clientCredentialsSource({ tokenUrl: `${server.origin}/token`, clientAuth }).authorize(tokenRequest());
  return formsOf(server)[0] ?? {};
}

function isSignedBy(form: Form, publicKey: KeyObject): boolean {
  const [header = '', claims = '', signature = ''] = (form['client_assertion'] ?? '').split('.');
  const { alg } = headerOf(form);
  const hash = alg === 'EdDSA' ? undefined : `sha${String(alg).slice(2)}`;
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify(hash, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
}

function pem(key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1'): string {
  return String(key.export({ type, format: 'pem' }));
}

describe('a key may be', () => {
  it.each<[what: string, key: PrivateKey, alg: string, of: KeyObject]>([
    ['a JWK', ec.privateKey.export({ format: 'jwk' }), 'ES256', ec.publicKey],
    ['a JWK as text', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), 'ES256', ec.publicKey],
    ['PEM of PKCS #8, RSA', pem(rsa.privateKey, 'pkcs8'), 'RS256', rsa.publicKey],
    ['PEM of PKCS #8, EC', pem(ec.privateKey, 'pkcs8'), 'ES256', ec.publicKey],
    ['the bytes of a PEM file', Buffer.from(pem(ec.privateKey, 'pkcs8')), 'ES256', ec.publicKey],
    ['PEM of PKCS #1', pem(rsa.privateKey, 'pkcs1'), 'RS256', rsa.publicKey],
    ['PEM of SEC 1', pem(ec.privateKey, 'sec1'), 'ES256', ec.publicKey],
    ['PEM with its line ends in words', pem(ec.privateKey, 'pkcs8').replaceAll('\n', '\\n'), 'ES256', ec.publicKey],
    ['a KeyObject', rsa.privateKey, 'RS256', rsa.publicKey],
    ['a function', (data) => sign('sha256', data, rsa.privateKey), 'RS256', rsa.publicKey],
    ['a function that returns DER', (data) => sign('sha256', data, ec.privateKey), 'ES256', ec.publicKey],
  ])('%s (C25)', async (_, key, alg, of) => {
    const form = await sent(
      privateKeyJwt({ clientId, key, ...(typeof key === 'function' && { alg: alg as 'RS256' }) }),
    );
    expect(headerOf(form)).toEqual({ alg, typ: 'JWT' });
    expect(isSignedBy(form, of)).toBe(true);
  });

  it('Ed25519 in PEM (C25)', async () => {
    const { privateKey, publicKey } = ed25519KeyPair();
    const form = await sent(privateKeyJwt({ clientId, key: pem(privateKey, 'pkcs8') }));
    expect(headerOf(form)).toMatchObject({ alg: 'EdDSA' });
    expect(isSignedBy(form, publicKey)).toBe(true);
  });

  it('a CryptoKey that cannot be exported (C25)', async () => {
    const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign', 'verify']);
    const form = await sent(privateKeyJwt({ clientId, key: made.privateKey, kid: 'of-the-page' }));
    const exported = await crypto.subtle.exportKey('jwk', made.publicKey);
    expect(headerOf(form)).toEqual({ alg: 'ES384', typ: 'JWT', kid: 'of-the-page' });
    expect(isSignedBy(form, createPublicKey({ key: { ...exported }, format: 'jwk' }))).toBe(true);
  });

  it('DER signatures of any r and s are read (C25)', async () => {
    const key: PrivateKey = (data) => sign('sha256', data, ec.privateKey);
    const clientAuth = privateKeyJwt({ clientId, key, alg: 'ES256' });
    for (let i = 0; i < 300; i++) {
      const body = new URLSearchParams();
      await clientAuth({ url: 'https://id.example.org/token', headers: {}, body });
      expect(isSignedBy(Object.fromEntries(body), ec.publicKey)).toBe(true);
    }
  });
});

function rsaJwk({ privateKey }: { readonly privateKey: KeyObject } = rsaKeyPair()): JsonWebKey {
  return privateKey.export({ format: 'jwk' });
}

function ecJwk(): JsonWebKey {
  return ecKeyPair('P-256').privateKey.export({ format: 'jwk' });
}

/** A private JWK with a member of another. */
function ofTwoKeys(make: () => JsonWebKey, member: 'n' | 'x'): JsonWebKey {
  return { ...make(), [member]: make()[member] };
}

describe('a key that cannot be used says why, before anything is sent', () => {
  const { kty, crv, x, y } = ec.publicKey.export({ format: 'jwk' });
  const encrypted = String(
    ec.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
  );
  const p384 = ecKeyPair('P-384').privateKey;
  const k1 = ecKeyPair('secp256k1').privateKey;

  it.each<[what: string, options: Partial<PrivateKeyJwtOptions>, said: RegExp]>([
    ['nothing', { key: '' }, /empty; where is it read from/],
    ['a public JWK', { key: { kty: kty ?? '', crv: crv ?? '', x: x ?? '', y: y ?? '' } }, /no `d`/],
    ['a key set', { key: { keys: [] } as JsonWebKey }, /key set/],
    ['a public PEM', { key: String(ec.publicKey.export({ type: 'spki', format: 'pem' })) }, /no whole private key/],
    ['a PEM that was cut off', { key: pem(rsa.privateKey, 'pkcs8').slice(0, 400) }, /no whole private key/],
    ['an encrypted PEM', { key: encrypted }, /createPrivateKey\(\{ key, passphrase \}\) of node:crypto/],
    ['a key on the wrong curve', { key: p384, alg: 'ES256' }, /signs ES384: ES256 needs a key on P-256/],
    [
      'a key of another kind',
      { key: rsa.privateKey, alg: 'ES256' },
      /that key signs RS256, .*ES256 needs a key on P-256/,
    ],
    ['a key on secp256k1', { key: k1 }, /secp256k1/],
    ['a secret key', { key: { kty: 'oct', k: 'AAAA', d: 'x' } }, /A key of oct cannot be used/],
    ['a JWK for encryption', { key: { ...ec.privateKey.export({ format: 'jwk' }), use: 'enc' } }, /for encryption/],
    [
      'a JWK that says another alg',
      { key: { ...ec.privateKey.export({ format: 'jwk' }), alg: 'ES384' } },
      /alg "ES384"/,
    ],
    ['a function without alg', { key: () => new Uint8Array(64) }, /needs `alg`/],
    ['a public KeyObject', { key: ec.publicKey }, /not a private one/],
    ['an audience with a blank', { key: ec.privateKey, audience: 'a b' }, /`audience`/],
    ['a life of six minutes', { key: ec.privateKey, assertionLifetimeMs: 360_000 }, /at most 300 000/],
    ['no client id', { key: ec.privateKey, clientId: ' ' }, /`clientId`/],
    ['an algorithm that nobody knows', { key: ec.privateKey, alg: 'none' as 'ES256' }, /`alg`/],
  ])('%s (C25)', (_, options, said) => {
    const make = (): ClientAuth => privateKeyJwt({ clientId, key: '', ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(said);
  });

  it.each<[what: string, key: () => PrivateKey, alg: 'RS256' | 'ES256' | undefined, said: RegExp]>([
    ['an RSA key of 1024 bits', () => rsaKeyPair(1024).privateKey, undefined, /at least 2048 bits .* has 1024/],
    ['a JWK with half of its members', () => ({ kty: 'EC', crv: 'P-256', d: 'AAAA' }), undefined, /is it whole/],
    ['a function that returns text', () => () => 'signed' as unknown as Uint8Array, 'RS256', /bytes of a signature/],
    ['a function that returns little', () => () => new Uint8Array(9), 'RS256', /returned 9 bytes/],
    ['a function that returns no r and s', () => () => new Uint8Array(70), 'ES256', /64 bytes \(r‖s\)/],
    ['a JWK with the modulus of another key', () => ofTwoKeys(() => rsaJwk(), 'n'), undefined, OF_TWO_KEYS],
    ['a JWK with another exponent', () => ({ ...rsaJwk(rsa), e: 'Aw' }), undefined, OF_TWO_KEYS],
    ['a JWK with the x of another key', () => ofTwoKeys(ecJwk, 'x'), undefined, /is it whole/],
  ])('%s (C25)', async (_, make, alg, said) => {
    const server = await desk();
    const clientAuth = privateKeyJwt({ clientId, key: make(), alg });
    const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth });
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty('message', expect.stringMatching(said));
    expect(server.requests).toEqual([]);
  });

  it.each<[what: string, key: PrivateKey, alg: 'ES256' | undefined]>([
    ['another key of the same kind', ec.privateKey, undefined],
    ['a key of another kind', rsa.privateKey, undefined],
    ['a function that signs with another key', (data) => sign('sha256', data, ec.privateKey), 'ES256'],
  ])('the certificate of another key, beside %s (C25)', async (_, key, alg) => {
    const server = await desk();
    const clientAuth = privateKeyJwt({ clientId, key, alg, certificate: serverCertificate().cert });
    for (let attempts = 0; attempts < 2; attempts += 1) {
      const error = await failureOf(
        clientCredentialsSource({ tokenUrl: server.origin, clientAuth }).authorize(tokenRequest()),
      );
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toHaveProperty(
        'message',
        expect.stringContaining('`certificate` of privateKeyJwt is of another key'),
      );
    }
    expect(server.requests).toEqual([]);
  });

  it('a key service that is away is no fault of the program (C25)', async () => {
    const away = (): never => {
      throw new Error('KMS is away');
    };
    const clientAuth = privateKeyJwt({ clientId, key: away, alg: 'ES256' });
    const source = clientCredentialsSource({ tokenUrl: 'https://127.0.0.1/', clientAuth });
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toMatchObject({ code: 'source_failed', kind: 'unavailable' });
  });
});

describe('an assertion', () => {
  it('is for the token URL, good for less than five minutes, and has the client id beside it (C25)', async () => {
    const server = await desk();
    const clock = new ManualClock();
    const clientAuth = privateKeyJwt({
      clientId,
      key: { ...ec.privateKey.export({ format: 'jwk' }), kid: 'k1' },
      clock,
    });
    const tokenUrl = `${server.origin}/token?v=1`;
    await clientCredentialsSource({ tokenUrl, clientAuth, clock }).authorize(tokenRequest());
    const [form] = formsOf(server);
    const nowS = Math.floor(clock.now() / 1000);
    const { jti, ...claims } = claimsOf(form);
    expect(form).toMatchObject({
      client_id: 'me',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(headerOf(form)).toMatchObject({ kid: 'k1' });
    expect(String(jti)).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims).toEqual({ iss: 'me', sub: 'me', aud: tokenUrl, iat: nowS - 5, nbf: nowS - 5, exp: nowS + 235 });
  });

  it('is for what `audience` says, and names its certificate (C25)', async () => {
    const { cert, key } = serverCertificate();
    const form = await sent(privateKeyJwt({ clientId, key, audience: 'https://id.example.org', certificate: cert }));
    const digest = createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');
    expect(claimsOf(form)).toMatchObject({ aud: 'https://id.example.org' });
    expect(headerOf(form)).toMatchObject({ 'x5t#S256': digest });
  });

  it('is for the issuer where that is known (C24, C25)', async () => {
    const server: LoopbackServer = await loopback(({ method }, response) => {
      const metadata = { issuer: server.origin, token_endpoint: `${server.origin}/token` };
      response.end(method === 'POST' ? TOKEN : JSON.stringify(metadata));
    });
    const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey });
    await clientCredentialsSource({ issuer: server.origin, clientAuth }).authorize(tokenRequest());
    expect(claimsOf(formsOf(server)[1])).toMatchObject({ aud: server.origin });
  });

  it('is a new one for each attempt (C25)', async () => {
    let failures = 2;
    const server = await desk((_, response) => void response.writeHead(failures-- > 0 ? 503 : 200).end(TOKEN));
    const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey });
    await new Authorizer(clientCredentialsSource({ tokenUrl: server.origin, clientAuth })).getToken();
    expect(new Set(formsOf(server).map((form) => claimsOf(form)['jti'])).size).toBe(3);
  });

  it('appears in no error, also when the server repeats it (C11, C25)', async () => {
    const server = await desk(({ body }, response) => {
      const assertion = new URLSearchParams(body.toString()).get('client_assertion');
      response.writeHead(401).end(JSON.stringify({ error: 'invalid_client', error_description: `bad ${assertion}` }));
    });
    const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey });
    const error = await failureOf(
      clientCredentialsSource({ tokenUrl: server.origin, clientAuth }).authorize(tokenRequest()),
    );
    const [header, claims, signature] = (formsOf(server)[0]?.['client_assertion'] ?? '').split('.');
    const printed = [inspect(error, { depth: 9 }), JSON.stringify(error), String(recordOf(error)['stack'])].join();
    for (const part of [`${header}.${claims}`, signature]) expect(printed).not.toContain(part);
    expect(inspect(clientAuth, { depth: 9 })).not.toContain(String(ec.privateKey.export({ format: 'jwk' }).d));
  });
});

describe('the algorithm', () => {
  async function published(algs: readonly string[]): Promise<LoopbackServer> {
    const server: LoopbackServer = await loopback(({ method }, response) => {
      const metadata = {
        issuer: server.origin,
        token_endpoint: `${server.origin}/token`,
        token_endpoint_auth_signing_alg_values_supported: algs,
      };
      response.end(method === 'POST' ? TOKEN : JSON.stringify(metadata));
    });
    return server;
  }

  it.each([
    [['ES256', 'PS256'], 'PS256'],
    [['PS512', 'RS512'], 'RS512'],
    [['HS256', 'RS384'], 'RS384'],
    [[], 'RS256'],
  ])('of an RSA key at a server that takes %s is %s (C24, C25)', async (algs, alg) => {
    const server = await published(algs);
    const clientAuth = privateKeyJwt({ clientId, key: rsa.privateKey });
    await clientCredentialsSource({ issuer: server.origin, clientAuth }).authorize(tokenRequest());
    expect(headerOf(formsOf(server)[1])).toMatchObject({ alg });
  });

  it.each<[what: string, make: () => ClientAuth, ours: string]>([
    ['a key', () => privateKeyJwt({ clientId, key: ec.privateKey }), 'ES256'],
    ['an algorithm', () => privateKeyJwt({ clientId, key: rsa.privateKey, alg: 'RS256' }), 'RS256'],
    ['a secret', () => clientSecretJwt({ clientId, clientSecret: 'x'.repeat(64) }), 'HS256, HS384, HS512'],
  ])(
    'of %s that the server does not take: both sides are named, and nothing is sent (C24, C25)',
    async (_, make, ours) => {
      const server = await published(['ES512', 'PS256']);
      const source = clientCredentialsSource({ issuer: server.origin, clientAuth: make() });
      const error = await failureOf(source.authorize(tokenRequest()));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toHaveProperty('message', expect.stringContaining(ours));
      expect(error).toHaveProperty('message', expect.stringContaining('ES512, PS256'));
      expect(server.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    },
  );
});

describe('a secret that signs', () => {
  it('does not leave the machine (C25)', async () => {
    const clientSecret = 'a secret of at least 32 bytes, in UTF-8: ü';
    const form = await sent(clientSecretJwt({ clientId, clientSecret: async () => clientSecret }));
    expect(headerOf(form)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(Object.values(form).join(' ')).not.toContain(clientSecret);
  });

  it.each([
    ['31 bytes', 31, undefined],
    ['47 bytes for HS384', 47, 'HS384'],
    ['63 bytes for HS512', 63, 'HS512'],
  ] as const)('of %s is too short (RFC 7518 section 3.2, C25)', (_, length, alg) => {
    const make = (): ClientAuth => clientSecretJwt({ clientId, clientSecret: 'x'.repeat(length), alg });
    expect(make).toThrow(new RegExp(`has ${length} bytes`));
    expect(() => clientSecretJwt({ clientId, clientSecret: 'x'.repeat(length + 1), alg })).not.toThrow();
  });

  it('is judged at each attempt when a function reads it (C25)', async () => {
    const clientAuth = clientSecretJwt({ clientId, clientSecret: () => 'short' });
    const error = await failureOf(
      clientCredentialsSource({ tokenUrl: 'https://127.0.0.1/', clientAuth }).authorize(tokenRequest()),
    );
    expect(error).toHaveProperty('message', expect.stringContaining('has 5 bytes'));
  });
});

describe('a server whose clock is ten minutes ahead', () => {
  /** Rejects what has expired by its own clock. */
  async function ahead(clock: ManualClock, byMs: number, error = 'invalid_client'): Promise<LoopbackServer> {
    return desk(({ body }, response) => {
      const claims = claimsOf(Object.fromEntries(new URLSearchParams(body.toString())));
      const now = clock.now() + byMs;
      response.setHeader('date', new Date(now).toUTCString());
      const isGood = Number(claims['exp']) * 1000 > now && Number(claims['iat']) * 1000 <= now;
      response.writeHead(isGood ? 200 : 401).end(isGood ? TOKEN : JSON.stringify({ error }));
    });
  }

  it.each([10 * minuteMs, -10 * minuteMs])(
    'gets an assertion by its own clock, and the next one at once: %i ms (C25)',
    async (byMs) => {
      const clock = new ManualClock();
      const server = await ahead(clock, byMs);
      const notices: string[] = [];
      const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey, clock });
      const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth, clock });
      const request = { ...tokenRequest(), notice: (message: string) => void notices.push(message) };
      await source.authorize(request);
      expect(server.requests).toHaveLength(2);
      await source.authorize(request);
      expect(server.requests).toHaveLength(3);
      expect(notices).toEqual([expect.stringContaining(`differs from that of ${server.origin} by ${byMs / 1000} s`)]);
    },
  );

  it('is not asked a third time when that does not help, and the correction is dropped (C25)', async () => {
    const clock = new ManualClock();
    const server = await desk((_, response) => {
      response.setHeader('date', new Date(clock.now() + 10 * minuteMs).toUTCString());
      response.writeHead(401).end('{"error":"invalid_client"}');
    });
    const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey, clock });
    const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth, clock });
    await failureOf(source.authorize(tokenRequest()));
    await failureOf(source.authorize(tokenRequest()));
    expect(server.requests).toHaveLength(4);
    const issued = formsOf(server).map((form) => Number(claimsOf(form)['iat']));
    expect(issued[2]).toBe(issued[0]);
  });

  it('does not get a refresh token twice that it calls invalid (C25)', async () => {
    const clock = new ManualClock();
    const server = await ahead(clock, 10 * minuteMs, 'invalid_grant');
    const clientAuth = privateKeyJwt({ clientId, key: ec.privateKey, clock });
    const source = refreshTokenSource({ tokenUrl: server.origin, clientAuth, clock, refreshToken: 'once' });
    await failureOf(source.authorize(tokenRequest()));
    expect(server.requests).toHaveLength(1);
  });
});

describe('a client with a certificate', () => {
  const [first, second] = [serverCertificate().cert, serverCertificate().cert];
  const thumbprint = (cert: string): string =>
    createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');

  it('sends its id alone, and its tokens say what they are bound to (C25)', async () => {
    const server = await desk();
    const clientAuth = tlsClientAuth({ clientId, certificate: first });
    const token = await clientCredentialsSource({ tokenUrl: server.origin, clientAuth }).authorize(tokenRequest());
    expect(formsOf(server)).toEqual([{ grant_type: 'client_credentials', client_id: 'me' }]);
    expect(token).toMatchObject({ boundTo: thumbprint(first) });
  });

  it('takes a bearer token that is bound to the certificate beside a proof that is optional, and finds it in a store (C23, C25)', async () => {
    const server = await desk();
    const dpop = await dpopProof({ optional: true, keyPair: ec.privateKey.export({ format: 'jwk' }) });
    const clientAuth = tlsClientAuth({ clientId, certificate: first });
    const store = memoryTokenStore();
    for (let run = 0; run < 2; run += 1) {
      const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth, dpop });
      const token = await new Authorizer(source, { store }).getToken();
      expect(token).toMatchObject({ tokenType: 'Bearer', boundTo: thumbprint(first) });
    }
    expect(server.requests).toHaveLength(1);
  });

  it('gets a new token when the certificate changes, also in place of a stored one (C25)', async () => {
    const server = await desk();
    let certificate = first;
    const clientAuth = tlsClientAuth({ clientId, certificate: () => certificate });
    const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth });
    const store = memoryTokenStore();
    const authorizer = new Authorizer(source, { store });
    await authorizer.getToken();
    await authorizer.getToken();
    expect(server.requests).toHaveLength(1);
    certificate = second;
    await expect(authorizer.getToken()).resolves.toMatchObject({ boundTo: thumbprint(second) });
    expect(server.requests).toHaveLength(2);
    certificate = first;
    await expect(new Authorizer(source, { store }).getToken()).resolves.toMatchObject({ boundTo: thumbprint(first) });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['another', { cert: second }],
    ['two others, as bytes', { cert: [Buffer.from(second), Buffer.from(serverCertificate().cert)] }],
  ])('is told when its agent presents %s, before anything is sent (C25)', async (_, presented) => {
    const server = await desk();
    const transport = { httpsAgent: new Agent(presented) };
    const clientAuth = tlsClientAuth({ clientId, certificate: () => first });
    const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth, transport });
    const error = await failureOf(source.authorize(tokenRequest()));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('another one than `cert` of `transport.httpsAgent`'),
    );
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['presents it before those that vouch for it', { cert: Buffer.from(first + second) }],
    ['presents it beside another', { cert: [second, first] }],
    ['holds what cannot be read', { cert: 'none' }],
    ['hides what it presents', { pfx: Buffer.of(0) }],
  ])('is taken when its agent %s (C25)', async (_, presented) => {
    const server = await desk();
    const transport = { httpsAgent: new Agent(presented) };
    const clientAuth = tlsClientAuth({ clientId, certificate: first });
    const source = clientCredentialsSource({ tokenUrl: server.origin, clientAuth, transport });
    await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ boundTo: thumbprint(first) });
  });

  it.each([
    ['no certificate', { clientId, certificate: '' }],
    ['a key in its place', { clientId, certificate: pem(ec.privateKey, 'pkcs8') }],
    ['no client id', { clientId: '', certificate: first }],
  ])('%s: a ConfigurationError (C25)', (_, options) => {
    expect(() => tlsClientAuth(options)).toThrow(ConfigurationError);
  });
});
