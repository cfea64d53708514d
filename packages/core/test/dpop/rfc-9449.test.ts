// What RFC 9449 shows, and what it says of proofs, word by word.
import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { dpopProof } from '../../src/dpop/index.js';
import { parseChallenges } from '../../src/extend.js';

/** Figure 2 of RFC 9449, section 4.1: a proof for a token request. */
const PROOF_OF_THE_RFC =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg';
/** The access token of figures 5 and 12, and the hash of it in figure 13 (section 7.1). */
const TOKEN_OF_THE_RFC = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const HASH_OF_THE_RFC = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';

it('a proof has the members of the one in figure 2, and a unique jti (RFC 9449 section 4.2)', async () => {
  const proof = await (
    await dpopProof({ clock: { now: () => 1_562_262_616_000 } })
  ).prove({
    method: 'POST',
    url: new URL('https://server.example.com/token'),
  });
  const { jwk, ...header } = decodeProtectedHeader(proof);
  const { jwk: theirJwk, ...theirHeader } = decodeProtectedHeader(PROOF_OF_THE_RFC);
  expect(header).toEqual(theirHeader);
  expect(Object.keys(jwk ?? {}).toSorted()).toEqual(Object.keys(theirJwk ?? {}).toSorted());
  const { jti, ...claims } = decodeJwt(proof);
  const { jti: _theirs, ...theirClaims } = decodeJwt(PROOF_OF_THE_RFC);
  expect(claims).toEqual(theirClaims);
  expect(Buffer.from(jti ?? '', 'base64url').length * 8).toBeGreaterThanOrEqual(96);
});

it('the hash of the token is that of section 7.1 (RFC 9449 section 4.2, ath)', async () => {
  const proof = await (
    await dpopProof()
  ).prove({
    method: 'GET',
    url: new URL('https://resource.example.org/protectedresource'),
    accessToken: TOKEN_OF_THE_RFC,
  });
  expect(decodeJwt(proof)['ath']).toBe(HASH_OF_THE_RFC);
  expect(createHash('sha256').update(TOKEN_OF_THE_RFC).digest('base64url')).toBe(HASH_OF_THE_RFC);
});

it.each([
  ['https://server.example.com/a?b=c#d', 'https://server.example.com/a'],
  ['HTTPS://Server.Example.com:443/a/../b', 'https://server.example.com/b'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
  ['https://[::1]/%41?x', 'https://[::1]/%41'],
  ['https://user:secret@server.example.com/a', 'https://server.example.com/a'],
])('htu of %s has no query and no fragment (RFC 9449 section 4.2)', async (url, htu) => {
  const proof = await (await dpopProof()).prove({ method: 'GET', url: new URL(url) });
  expect(decodeJwt(proof)['htu']).toBe(htu);
});

it.each([
  ['figure 14', 'DPoP algs="ES256 PS256"', { algs: 'ES256 PS256' }],
  [
    'figure 15',
    'DPoP error="invalid_token", error_description="Invalid DPoP key binding", algs="ES256"',
    { error: 'invalid_token', error_description: 'Invalid DPoP key binding', algs: 'ES256' },
  ],
  [
    'figure 20',
    'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"',
    { error: 'use_dpop_nonce', error_description: 'Resource server requires nonce in DPoP proof' },
  ],
])('the challenge of %s is read (RFC 9449 sections 7.1 and 9)', (_figure, header, parameters) => {
  expect(parseChallenges(header)).toEqual([{ scheme: 'dpop', parameters }]);
});

describe('an answer to a request with a proof', () => {
  const request = { method: 'GET', url: new URL('https://api.example.org/a'), accessToken: 'token' };

  /** The nonces of the proofs that are sent when answers come with these headers, in turn. */
  async function noncesAfter(...answers: readonly Readonly<Record<string, string>>[]): Promise<readonly unknown[]> {
    const proof = await dpopProof();
    const sent: unknown[] = [];
    for (const headers of [...answers, {}])
      await proof.exchange(request, {
        send: async (made) => Promise.resolve(void sent.push(decodeJwt(made)['nonce'])),
        read: () => ({ status: 200, headers }),
        again: () => false,
      });
    return sent;
  }

  it('gives the nonce for the next one, whatever its status (RFC 9449 section 8.2)', async () => {
    await expect(noncesAfter({ 'dpop-nonce': 'a' }, {}, { 'DPoP-Nonce': 'b' })).resolves.toEqual([
      undefined,
      'a',
      'a',
      'b',
    ]);
  });

  it.each([[''], ['a b'], ['a"b'], ['a\\b'], ['a, b'], ['\u00e9'], ['x'.repeat(1025)]])(
    'gives none by the header %j, which is no nonce (RFC 9449 section 8.1)',
    async (nonce) => {
      await expect(noncesAfter({ 'dpop-nonce': 'good' }, { 'dpop-nonce': nonce })).resolves.toEqual([
        undefined,
        'good',
        'good',
      ]);
    },
  );

  it('gives none to another origin, and the one of a resource none to the token endpoint (RFC 9449 sections 8 and 9)', async () => {
    const proof = await dpopProof();
    await proof.exchange(request, {
      send: async () => Promise.resolve(),
      read: () => ({ status: 200, headers: { 'dpop-nonce': 'a' } }),
      again: () => false,
    });
    const nonces = [
      request,
      { ...request, url: new URL('https://api.example.org/another') },
      { ...request, url: new URL('https://other.example.org/a') },
      { method: 'POST', url: request.url },
    ].map(async (each) => decodeJwt(await proof.prove(each))['nonce']);
    await expect(Promise.all(nonces)).resolves.toEqual(['a', 'a', undefined, undefined]);
  });

  /** How often a request is sent whose first answer is this one. */
  async function sentAfter(status: number, headers: Readonly<Record<string, string>>, error?: string): Promise<number> {
    const proof = await dpopProof();
    let count = 0;
    await proof.exchange(error === undefined ? request : { method: 'POST', url: request.url }, {
      send: async () => Promise.resolve(++count),
      read: () => ({ status, headers, error }),
      again: () => true,
    });
    return count;
  }

  it.each([
    ['with a nonce', 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'a' }, 2],
    [
      'with a nonce, beside Basic',
      401,
      { 'www-authenticate': 'Basic realm="x", DPoP error=use_dpop_nonce', 'dpop-nonce': 'a' },
      2,
    ],
    [
      'with a nonce, in a Bearer challenge',
      401,
      { 'www-authenticate': 'Bearer error="use_dpop_nonce"', 'dpop-nonce': 'a' },
      2,
    ],
    ['without a nonce', 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, 1],
    ['with a nonce that is none', 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'a b' }, 1],
    ['of another status', 403, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'a' }, 1],
    ['of an expired token', 401, { 'www-authenticate': 'DPoP error="invalid_token"', 'dpop-nonce': 'a' }, 1],
  ])('%s is one that asks for another proof or not (RFC 9449 section 9)', async (_what, status, headers, times) => {
    await expect(sentAfter(status, headers as Readonly<Record<string, string>>)).resolves.toBe(times);
  });

  it.each([
    ['10 minutes ahead', 600_000, 2],
    ['10 minutes behind', -600_000, 2],
    ['as ours', 0, 1],
    ['2 seconds ahead', 2_000, 1],
  ])('invalid_dpop_proof by a clock %s (RFC 9449 section 7.1)', async (_what, aheadMs, times) => {
    const date = new Date(Date.now() + aheadMs).toUTCString();
    await expect(sentAfter(401, { 'www-authenticate': 'DPoP error="invalid_dpop_proof"', date })).resolves.toBe(times);
    await expect(sentAfter(400, { date }, 'invalid_dpop_proof')).resolves.toBe(times);
  });

  it('a server whose clock is off does not spoil the proofs for another, even where that says no time (RFC 9449 section 11.1)', async () => {
    const proof = await dpopProof();
    const challenge = { 'www-authenticate': 'DPoP error="invalid_dpop_proof"' };
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const times: number[] = [];
    const ask = (origin: string, headers: object): Promise<unknown> =>
      proof.exchange(
        { ...request, url: new URL(origin) },
        {
          send: async (made) => Promise.resolve(void times.push((decodeJwt(made).iat ?? 0) - Date.now() / 1000)),
          read: () => ({ status: 401, headers }),
          again: () => true,
        },
      );
    await ask('https://wrong.example.org', { ...challenge, date });
    await ask('https://right.example.org', challenge);
    expect(times.map((seconds) => Math.abs(Math.round(seconds / 3_600)))).toEqual([0, 1, 1, 0]);
  });

  it('what came from a cache says the time by its age; nonsense says nothing (RFC 9449 section 11.1)', async () => {
    const headers = { 'www-authenticate': 'DPoP error="invalid_dpop_proof"' };
    const old = new Date(Date.now() - 3_600_000).toUTCString();
    await expect(sentAfter(401, { ...headers, date: old, age: '3600' })).resolves.toBe(1);
    await expect(sentAfter(401, { ...headers, date: 'yesterday' })).resolves.toBe(1);
  });
});
