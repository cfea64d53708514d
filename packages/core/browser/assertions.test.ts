// Do browsers sign the assertions of a client, with a key that they keep or with a secret, as a server verifies them (RFC 7523)?
import { browserNames, startLoopback } from '@axios-authorizer/test-kit';
import { importJWK, jwtVerify } from 'jose';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { JWK, JWTVerifyResult } from 'jose';
import { openPage } from './open-page.js';
import type { OpenPage } from './open-page.js';

interface Outcome {
  readonly accessToken?: string;
  /** Why the private key could not be read. */
  readonly exported?: string;
  readonly jwk?: JWK;
}

const clientId = 'page';
let endpoint: LoopbackServer;
let open: OpenPage;

/** A token endpoint that keeps what it gets, and leaves the judgement to the test, which learns the key afterwards. */
async function startEndpoint(): Promise<LoopbackServer> {
  return startLoopback((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', 'application/json');
    response.end('{"access_token":"granted","token_type":"Bearer","expires_in":300}');
  });
}

/** What the assertion says, once its signature is found good. */
async function verified(key: JWK | Uint8Array | undefined, alg: string): Promise<JWTVerifyResult> {
  const form = new URLSearchParams(endpoint.requests.at(-1)?.body.toString());
  expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  const verifying = key instanceof Uint8Array ? key : await importJWK(key ?? {}, alg);
  const expected = { issuer: clientId, subject: clientId, audience: `${endpoint.origin}/token`, algorithms: [alg] };
  return jwtVerify(form.get('client_assertion') ?? '', verifying, expected);
}

describe.each(browserNames)('in %s', (browser) => {
  beforeAll(async () => {
    endpoint = await startEndpoint();
    open = await openPage(browser, 'assertions-page.mjs');
  });
  afterAll(async () => void (await Promise.all([open.close(), endpoint.stop()])));

  it.each(['ES256', 'RS256'])('private_key_jwt with %s: the key cannot be read, and signs (C25)', async (alg) => {
    const outcome = (await open.run({ tokenUrl: `${endpoint.origin}/token`, clientId, alg })) as Outcome;
    expect(outcome).toMatchObject({ accessToken: 'granted', exported: 'InvalidAccessError' });
    const { payload, protectedHeader } = await verified(outcome.jwk, alg);
    expect(protectedHeader).toEqual({ alg, typ: 'JWT', kid: 'of-the-page' });
    expect(String(payload.jti)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['HS256', 'HS512'])('client_secret_jwt with %s (C25)', async (alg) => {
    const clientSecret = 'a secret that is long enough for a hash of 512 bits: 64 bytes, at least, or more';
    const outcome = (await open.run({ tokenUrl: `${endpoint.origin}/token`, clientId, clientSecret, alg })) as Outcome;
    expect(outcome).toMatchObject({ accessToken: 'granted' });
    const { protectedHeader } = await verified(new TextEncoder().encode(clientSecret), alg);
    expect(protectedHeader).toEqual({ alg, typ: 'JWT' });
  });
});
