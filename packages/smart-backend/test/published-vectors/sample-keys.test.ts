// Do the guide's own sample keys load, and do its public keys verify what we sign?
import { createPublicKey } from 'node:crypto';
import { loadKeys, privateKeyJwt, publicJwks } from '../../src/index.js';
import { asked, assertionsAt, made, tokenEndpoint, verifies } from '../assertion/stage.js';
import { published, withVectors } from './ig.js';
import type { Jwk, SmartBackendKeys } from '../../src/index.js';

const kids = { RS384: 'eee9f17a3b598fd86417a980b591fbe6', ES384: 'cd520211e5661dbba2256f67f6d53f97' };

withVectors.each(['RS384', 'ES384'] as const)('the %s sample of the implementation guide', (alg) => {
  const [privates, publics] = [published(`${alg}.private`), published(`${alg}.public`)];
  const publicJwk: Jwk = publics.keys[0] ?? { kty: '' };

  async function samples(): Promise<readonly [SmartBackendKeys]> {
    const [keys, ...more] = await loadKeys(privates.path, { anyMode: true });
    expect(more).toEqual([]);
    return [keys as SmartBackendKeys];
  }

  it('is a set of a public and a private key under one kid (S4)', () => {
    expect(privates.keys.map(({ kid, d }) => [kid, d !== undefined])).toEqual([
      [kids[alg], false],
      [kids[alg], true],
    ]);
  });

  it('loads as a file, a text and an object, the one with `d` is chosen (S4)', async () => {
    const [keys] = await samples();
    const { text, keys: jwks } = privates;
    for (const loaded of [keys, ...(await loadKeys(text)), ...(await loadKeys({ keys: jwks }))]) {
      expect(loaded).toMatchObject({ alg, kid: kids[alg], publicKeyPem: keys.publicKeyPem });
      expect(loaded.privateJwk['d']).toBe(jwks[1]?.['d']);
    }
    expect(await loadKeys({ keys: jwks.toReversed() })).toMatchObject([{ kid: kids[alg] }]);
  });

  it('signs an assertion that the guide’s public key verifies (S2)', async () => {
    const endpoint = await tokenEndpoint();
    await asked(endpoint, privateKeyJwt({ clientId: 'bilirubin', keys: await samples() }));
    const [assertion] = assertionsAt(endpoint);
    expect(assertion?.header).toEqual({ alg, kid: kids[alg], typ: 'JWT' });
    const key = createPublicKey({ key: publicJwk, format: 'jwk' });
    expect(assertion && verifies(assertion, key)).toBe(true);
  });

  it('makes signatures of one length, of ES384 r and s in 96 bytes (S2)', async () => {
    const clientAuth = privateKeyJwt({ clientId: 'bilirubin', keys: await samples() });
    const assertions = await Promise.all(Array.from({ length: 100 }, () => made(clientAuth)));
    const lengths = assertions.map(({ signature }) => signature.length);
    expect(new Set(lengths)).toEqual(new Set([alg === 'ES384' ? 96 : 256]));
  });

  it('is published as the guide publishes it, with alg, use and key_ops verify, without d and ext (S4)', async () => {
    const { keys } = await publicJwks(...(await samples()));
    const { ext: _ext, ...guide } = publicJwk;
    expect(keys).toEqual([{ ...guide, alg, use: 'sig', key_ops: ['verify'] }]);
  });

  it('is public alone, so the public set cannot sign (S4)', async () => {
    await expect(loadKeys(publics.path, { anyMode: true })).rejects.toMatchObject({ problem: 'public' });
  });
});
